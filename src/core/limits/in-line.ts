/** Who asks under some keys at the same time, and who waits for the outcome of others. */
export interface Line {
  /**
   * Admits who asks once fewer are under way than there is room for; waits as long as others under way may still leave
   * room. `look` tells the room under each key as it is stored, 0 under one of them to be refused.
   *
   * @returns undefined when refused; otherwise called once the outcome is stored
   */
  enter(keys: readonly string[], look: () => Promise<readonly number[]>): Promise<(() => void) | undefined>
}

/** Further ones under one key are refused at once. */
const MOST_WAITING = 256

interface Place {
  underWay: number
  /** Entered and left since the place was made. */
  entered: number
  left: number
  waiting: Set<() => void>
  /** Whoever has it in hand; at zero it is forgotten. */
  users: number
}

/**
 * Keeps parallel attempts within a limit that is only counted afterwards: as many are under way as may all fail. A look at
 * the store takes time in which others end: those who had not ended when it began count as if they were not in it yet.
 */
export function createLine(): Line {
  const places = new Map<string, Place>()

  return {
    async enter(keys, look) {
      const mine = keys.map((key) => open(places, key))
      const leave = () => {
        for (const [at, place] of mine.entries()) if (--place.users === 0) places.delete(keys[at] as string)
      }
      try {
        for (;;) {
          const leftBefore = mine.map(({ left }) => left)
          const rooms = await look()
          if (rooms.some((room) => room === 0)) return giveUp(leave)
          const pending = mine.map(({ entered }, at) => entered - (leftBefore[at] as number))
          if (pending.every((count, at) => count < (rooms[at] as number))) break
          const full = mine.find(({ underWay }, at) => underWay >= (rooms[at] as number))
          // None is under way any more: what was pending is stored by now.
          if (!full) continue
          if (full.waiting.size >= MOST_WAITING) return giveUp(leave)
          await new Promise<void>((resolve) => full.waiting.add(resolve))
        }
      } catch (error) {
        leave()
        throw error
      }
      for (const place of mine) {
        place.underWay++
        place.entered++
      }
      return () => {
        for (const place of mine) {
          place.underWay--
          place.left++
          for (const wake of place.waiting) wake()
          place.waiting.clear()
        }
        leave()
      }
    },
  }
}

function open(places: Map<string, Place>, key: string): Place {
  const place = places.get(key) ?? { underWay: 0, entered: 0, left: 0, waiting: new Set(), users: 0 }
  place.users++
  places.set(key, place)
  return place
}

function giveUp(leave: () => void): undefined {
  leave()
}
