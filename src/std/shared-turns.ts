/**
 * Runs what is asked under a key, one run at a time; whoever asks while one is under way shares the next with all others who
 * do. So each gets the outcome of a run that began after it asked, and however many ask at once, two runs do.
 */
export type SharedTurns<T> = (key: string, run: () => Promise<T>) => Promise<T>

export function createSharedTurns<T>(): SharedTurns<T> {
  const places = new Map<string, { running: Promise<unknown>; next: Promise<T> | undefined }>()

  function begin(key: string, run: () => Promise<T>): Promise<T> {
    const outcome = run()
    const place = { running: outcome, next: undefined }
    places.set(key, place)
    const end = () => {
      // With somebody waiting, the next run has taken the place by itself.
      if (places.get(key) === place && place.next === undefined) places.delete(key)
    }
    outcome.then(end, end)
    return outcome
  }

  return (key, run) => {
    const place = places.get(key)
    if (!place) return begin(key, run)
    const next = () => begin(key, run)
    place.next ??= place.running.then(next, next)
    return place.next
  }
}
