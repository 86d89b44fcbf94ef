/** One page of a collection, as one request answered it. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Place of the first item in the whole, from 0. */
  readonly offset: number
  /** How many items the service put on this page at most. */
  readonly limit: number
  /** Number of all matches, independent of the page. */
  readonly size: number
}

export interface PageQuery {
  /** Place of the first item, from 0, counted after those that the list leaves out. */
  offset?: number
  /** 1 to 100. */
  limit?: number
}

/**
 * The matches of a query. Asking costs nothing until something is taken from it; every taking asks anew.
 *
 * Iterating fetches page after page, 100 items each. Whatever is added or deleted meanwhile shifts what follows, as with
 * every paging by offset: collect first (`toArray`) what you mean to delete.
 *
 * @example
 * for await (const account of directory.accounts.list({ status: 'ENABLED' })) console.log(account.email)
 */
export interface List<T> extends AsyncIterable<T> {
  /** One page with one request: the first 25 unless told otherwise. */
  page(query?: PageQuery): Promise<Page<T>>
  /** The first match, or undefined. */
  first(): Promise<T | undefined>
  /** All matches. */
  toArray(): Promise<T[]>
  /** Number of all matches in the service, whatever the list's own offset and limit. */
  size(): Promise<number>
}

/** Largest page the service gives. */
const maxPage = 100
const defaultPage = 25

/**
 * A list over a function that reads one page. Pages are read until one is shorter than its own limit, or empty; the
 * limit is the one the service names, which may be lower than asked. (contract/rest.md §1.8)
 *
 * @param bounds `offset`: how many matches to leave out; `limit`: how many to give at most
 */
export function createList<T>(
  readPage: (offset: number, limit: number) => Promise<Page<T>>,
  { offset: start = 0, limit: most = Number.POSITIVE_INFINITY }: { offset?: number; limit?: number },
): List<T> {
  async function* iterate(): AsyncGenerator<T, void> {
    for (let given = 0; given < most; ) {
      const { items, limit } = await readPage(start + given, Math.min(maxPage, most - given))
      yield* items
      given += items.length
      if (items.length === 0 || items.length < limit) return
    }
  }

  return {
    [Symbol.asyncIterator]: iterate,
    page: ({ offset = 0, limit = Math.min(most, defaultPage) } = {}) => readPage(start + offset, limit),
    first: async () => (most > 0 ? (await readPage(start, 1)).items[0] : undefined),
    async toArray() {
      const all: T[] = []
      for await (const item of iterate()) all.push(item)
      return all
    },
    size: async () => (await readPage(0, 1)).size,
  }
}
