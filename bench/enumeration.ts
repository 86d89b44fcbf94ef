import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Claim, Context, Line } from './claim.ts'
import { millis } from './format.ts'
import { auc, median } from './measure/statistics.ts'
import { serving } from './subjects/bare.ts'
import { type Child, startChild } from './subjects/child.ts'
import { uniqueEmail } from './subjects/latchkey.ts'
import type { Question } from './subjects/pages-express.ts'

const NEAREST = 0.45
const FARTHEST = 0.55
/** Of each kind. Each is asked for again only after more than half a day by the app's clock. */
const PEOPLE = 100
const WARM_UP = 20
/** By the app's clock, between two requests: longer than the limits of mails and guesses reach. */
const BETWEEN = 16 * 60_000
/** For what goes on after an answer, so that it does not slow the next. */
const REST = 5

interface Page {
  path: string
  what: string
  /** Users at even places are verified, the others are not. */
  known(at: number): number
  fields(email: string): Record<string, string>
}

const even = (at: number) => at - (at % 2)
const pages: Page[] = [
  {
    path: '/login',
    what: 'log-in',
    known: even,
    fields: (login) => ({ login, password: 'not the password of anybody' }),
  },
  { path: '/forgot', what: 'forgotten password', known: even, fields: (email) => ({ email }) },
  { path: '/verify', what: 'verification again', known: (at) => even(at) + 1, fields: (email) => ({ email }) },
]

/** Whether the time of an answer tells who has an account: through the pages, hashing as in production. */
export const enumeration: Claim = {
  id: 'ENUMERATION',
  title: 'Timing of the pages for known and unknown accounts',
  goal: `2,000 + 2,000 requests tell them apart no better than an AUC of ${NEAREST} to ${FARTHEST}`,
  async run(context) {
    if (!context.stores.includes('sqlite')) return []
    const data = mkdtempSync(join(context.folder('enumeration'), 'data-'))
    const child = startChild(new URL('./subjects/pages-express.ts', import.meta.url), { args: [data] })
    const known = Array.from({ length: PEOPLE }, uniqueEmail)
    const unknown = Array.from({ length: PEOPLE }, uniqueEmail)
    await using app = await serving(child, { users: known } satisfies Question)
    const lines: Line[] = []
    for (const page of pages) lines.push(await measure(context, child, app.port, page, known, unknown))
    return lines
  },
}

async function measure(
  { quick, progress }: Context,
  child: Child,
  port: number,
  page: Page,
  known: readonly string[],
  unknown: readonly string[],
): Promise<Line> {
  const ask = await visit(port, page.path)
  const samples = quick ? 200 : 2_000
  const times = { known: [] as number[], unknown: [] as number[] }
  let at = 0
  for (let round = -WARM_UP; round < samples; round++) {
    if (round % 50 === 0) progress(`${page.what}: ${Math.max(0, round)} of ${samples}`)
    const place = page.known(at++ % PEOPLE)
    // In turn, and in either order: what else the machine does weighs on both.
    const order = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
    for (const kind of order) {
      await child.ask({ advance: BETWEEN } satisfies Question)
      const email = (kind === 'known' ? known : unknown)[place] as string
      const time = await ask(page.fields(email))
      if (round >= 0) times[kind].push(time)
      await new Promise((resolve) => setTimeout(resolve, REST))
    }
  }
  const area = auc(times.known, times.unknown)
  return {
    what: `${page.what}: known / unknown, AUC`,
    store: 'sqlite',
    ours: millis(median(times.known)),
    baseline: millis(median(times.unknown)),
    ratio: area.toFixed(3),
    goal: `${NEAREST}-${FARTHEST}`,
    met: area >= NEAREST && area <= FARTHEST,
  }
}

/** Opens a page once; its form may then be sent any number of times. Milliseconds from the request to the whole answer. */
async function visit(port: number, path: string): Promise<(fields: Record<string, string>) => Promise<number>> {
  const url = `http://127.0.0.1:${port}${path}`
  const page = await fetch(url, { headers: { accept: 'text/html' } })
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1]
  if (token === undefined) throw new Error(`${path} has no form, but an answer ${page.status}`)
  const cookie = page.headers.getSetCookie().map((each) => each.split(';')[0])
  const headers = { accept: 'text/html', cookie: cookie.join('; ') }
  let usual: string | undefined
  return async (fields) => {
    const body = new URLSearchParams({ _csrf: token, ...fields })
    const start = performance.now()
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
    const text = await answer.text()
    const time = performance.now() - start
    // Times of refusals would say nothing.
    const seen = `${answer.status} ${answer.headers.get('location')} ${text.length}`
    usual ??= seen
    if (seen !== usual || /too (?:many|often)/i.test(text)) throw new Error(`${path} answers ${seen}, not ${usual}`)
    return time
  }
}
