export interface Progress {
  readonly count: number
  step(): void
  /** Clears the line. */
  end(): void
}

const interval = 100

/** A count that moves on a terminal, and stays silent elsewhere. */
export function createProgress(what: string): Progress {
  const out = process.stderr
  let count = 0
  let shownAt = 0
  return {
    get count() {
      return count
    },
    step() {
      count++
      if (!out.isTTY || performance.now() - shownAt < interval) return
      shownAt = performance.now()
      out.write(`\r${count} ${what}`)
    },
    end() {
      if (out.isTTY && shownAt > 0) out.write('\r\x1b[K')
    },
  }
}
