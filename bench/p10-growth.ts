import type { Claim, Context, Line, StoreName } from './claim.ts'
import { millis, perSecond, times } from './format.ts'
import { interleave } from './measure/rounds.ts'
import { median, quantile } from './measure/statistics.ts'
import { startChild } from './subjects/child.ts'
import type { Lookup, LookupQuestion } from './subjects/lookups.ts'
import { seededDatabase } from './subjects/seeded.ts'

const MOST_GROWTH = 1.5
const MOST_MS_OF_CONTAINS = 50
const FLAT: readonly Lookup[] = [
  'login',
  'get',
  'equals attribute',
  'prefix',
  'date range',
  'customData equals',
  'first page',
  'first page by surname',
]
/** Read by offset: flat from where there is such a page. */
const SMALLEST_WITH_PAGE_1000 = 25_000

export const growth: Claim = {
  id: 'P10',
  title: 'Growth of the number of accounts',
  goal: 'p99 of log-in look-up, get and flat searches at most 1.5x per step; contains at most 50 ms',
  async run(context) {
    const lines: Line[] = []
    for (const store of context.stores) lines.push(...(await runOn(context, store)))
    return lines
  },
}

function sizesOf({ quick, flags }: Context, store: StoreName): number[] {
  if (quick) return store === 'sqlite' ? [1000, 30_000] : [1000, 10_000]
  const usual = store === 'sqlite' ? [1000, 100_000, flags.accounts] : [1000, 100_000]
  return flags.large ? [...usual, store === 'sqlite' ? 10_000_000 : 1_000_000] : usual
}

async function runOn(context: Context, store: StoreName): Promise<Line[]> {
  const sizes = sizesOf(context, store)
  const databases = []
  for (const count of sizes) databases.push(await seededDatabase(context, store, count))
  const largest = databases.at(-1)
  context.note(`${store}: loaded ${largest?.count} accounts at ${perSecond(largest?.rate ?? Number.NaN)}`)
  await using stack = new AsyncDisposableStack()
  const subjects = databases.map(({ data, url, ...seeded }) => {
    const args = [data, ...(url ? [url] : [])]
    return { seeded, child: stack.use(startChild(new URL('./subjects/lookups.ts', import.meta.url), { args })) }
  })

  /** p50 and p99 at each size, each the median of rounds that take the sizes in turn. */
  const measure = async (lookup: Lookup, over = subjects) => {
    const contenders = Object.fromEntries(
      over.map(({ seeded, child }) => [
        String(seeded.count),
        () => child.ask<number[]>({ seeded, lookup, times: context.quick ? 100 : 500 } satisfies LookupQuestion),
      ]),
    )
    const progress = (text: string) => context.progress(`${store}, ${lookup}: ${text}`)
    await interleave(contenders, 1)
    const samples = await interleave(contenders, context.rounds, progress)
    return over.map(({ seeded }) => {
      const rounds = samples[String(seeded.count)] ?? []
      const of = (share: number) => median(rounds.map((taken) => quantile(taken, share)))
      return { count: seeded.count, p50: of(0.5), p99: of(0.99) }
    })
  }

  const lines: Line[] = []
  for (const lookup of FLAT) lines.push(flatLine(store, lookup, await measure(lookup)))
  const paged = subjects.filter(({ seeded }) => seeded.count >= SMALLEST_WITH_PAGE_1000)
  if (paged.length > 0) lines.push(flatLine(store, 'page 1000', await measure('page 1000', paged)))
  lines.push(containsLine(store, await measure('contains')))
  return lines
}

type Step = { count: number; p50: number; p99: number }

const describe = (steps: readonly Step[]) => steps.map(({ p50, p99 }) => `${millis(p50)}/${millis(p99)}`).join(' > ')
const sizeName = (count: number) => (count >= 1e6 ? `${count / 1e6} M` : `${count / 1000} k`)

function flatLine(store: StoreName, lookup: Lookup, steps: readonly Step[]): Line {
  const [first, ...rest] = steps
  const worst = Math.max(...rest.map(({ p99 }, at) => p99 / (steps[at]?.p99 ?? Number.NaN)))
  return {
    what: `${lookup}, p50/p99 at ${steps.map(({ count }) => sizeName(count)).join(' > ')}`,
    store,
    ours: describe(steps),
    baseline: first ? millis(first.p99) : '',
    ratio: rest.length > 0 ? times(worst) : '',
    goal: `<= ${MOST_GROWTH}x`,
    ...(rest.length > 0 && { met: worst <= MOST_GROWTH }),
  }
}

function containsLine(store: StoreName, steps: readonly Step[]): Line {
  const last = steps.at(-1)?.p99 ?? Number.NaN
  return {
    what: `contains, p50/p99 at ${steps.map(({ count }) => sizeName(count)).join(' > ')}`,
    store,
    ours: describe(steps),
    baseline: '',
    ratio: millis(last),
    goal: `<= ${MOST_MS_OF_CONTAINS} ms`,
    met: last <= MOST_MS_OF_CONTAINS,
  }
}
