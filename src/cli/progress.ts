export interface Progress {
  readonly count: number
  step(): void
  /** Clears the line. */
  end(): void
}

const interval = 100
const width = 30

/** A count that moves on a terminal, a bar where it is known how many there are; silent elsewhere. */
export function createProgress(what: string, total?: number): Progress {
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
      out.write(`\r${total === undefined ? `${count} ${what}` : `${barOf(count, total)} of ${total} ${what}`}`)
    },
    end() {
      if (out.isTTY && shownAt > 0) out.write('\r\x1b[K')
    },
  }
}

/** More may come while it runs. */
export function barOf(count: number, total: number): string {
  const share = Math.min(count / Math.max(total, 1), 1)
  const done = Math.floor(share * width)
  return `[${'#'.repeat(done)}${'-'.repeat(width - done)}] ${Math.floor(share * 100)} %  ${count}`
}
