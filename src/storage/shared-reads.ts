/**
 * Lets all who ask for the same within one turn of the event loop share one read. It is sent when the turn ends, after
 * the last of them has asked, so nobody gets anything older than by a read of their own.
 */
export function shareReads<K, V>(read: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const asked = new Map<K, Promise<V>>()
  return (key) => {
    const known = asked.get(key)
    if (known) return known
    const shared = new Promise<V>((resolve) =>
      setImmediate(() => {
        asked.delete(key)
        resolve(read(key))
      }),
    )
    asked.set(key, shared)
    return shared
  }
}
