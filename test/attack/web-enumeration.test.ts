import { describeSiteAttacks, PASSWORD, type Page, type SiteTarget } from './site.ts'

/** All of one length, so that answers of one length are expected. */
const address = () => `e${crypto.randomUUID()}@example.com`

type Fields = (email: string) => Record<string, string>

const asked: Record<string, Fields> = {
  '/login': (login) => ({ login, password: 'Not the password 1' }),
  '/forgot': (email) => ({ email }),
  '/verify': (email) => ({ email }),
  '/register': (email) => ({ email, password: PASSWORD }),
}

/** Everything that an answer shows but what is new in each of them: the token of its form, a nonce, values of cookies. */
function shown({ status, headers, text }: Page, email: string): string {
  const lines = [...headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${value}`)
  return [status, ...lines, text]
    .join('\n')
    .replaceAll(email, 'EMAIL')
    .replaceAll(encodeURIComponent(email), 'EMAIL')
    .replaceAll(/(name="_csrf" value=")[^"]+/g, '$1TOKEN')
    .replaceAll(/nonce[-=]["']?[\w+/=-]+/g, 'NONCE')
    .replaceAll(/^(set-cookie: [\w-]+=)[^;\n]*/gm, '$1VALUE')
}

/** Somebody who can log in, somebody whose address is not verified yet, and nobody. */
async function people(target: SiteTarget): Promise<Record<string, string>> {
  const unverified = address()
  await (await target.site).browser().postJson('/register', { email: unverified, password: PASSWORD })
  const { email: known } = await target.account({ email: address() })
  const { email: disabled } = await target.account({ email: address(), status: 'DISABLED' })
  return { unknown: address(), known, unverified, disabled }
}

/** Asks as often as it takes to be refused for asking too often. */
async function compare(target: SiteTarget, path: string, times: number): Promise<string | undefined> {
  const site = await target.site
  const all = await people(target)
  const answers: Record<string, string[]> = {}
  for (const [who, email] of Object.entries(all)) {
    const seen: string[] = []
    for (let i = 0; i < times; i++) {
      const fields = (asked[path] as Fields)(email)
      seen.push(shown(await site.browser().submit(path, fields), email))
      seen.push(shown(await site.browser().postJson(path, fields), email))
    }
    answers[who] = seen
  }
  for (const [who, seen] of Object.entries(answers)) {
    for (const [at, answer] of seen.entries()) {
      const unknown = answers.unknown?.[at] as string
      if (answer !== unknown) return `${who} at ${path}, answer ${at}:\n${difference(answer, unknown)}`
    }
  }
  return undefined
}

function difference(one: string, other: string): string {
  const [left, right] = [one.split('\n'), other.split('\n')]
  const at = left.findIndex((line, index) => line !== right[index])
  return `${left[at]}\n${right[at]}`
}

const compareAt = (path: string, times: number) => (target: SiteTarget) => compare(target, path, times)

describeSiteAttacks('Enumeration on the pages', [
  {
    id: 'WEB-W52 ATTACK-I1 ATTACK-I3',
    title: 'telling users from strangers at the log-in, until it refuses to listen (hazard 15)',
    guard: 'one sentence for wrong names and wrong passwords',
    edits: [
      {
        file: 'web/problems.ts',
        find: "7104: message('problem.credentials')",
        replace: "7104: message('problem.loginImpossible')",
      },
    ],
    made: { mail: true },
    run: compareAt('/login', 7),
  },
  {
    id: 'WEB-W52 ATTACK-I2',
    title: 'telling users from strangers at the forgotten password (hazard 15)',
    guard: 'one answer whatever the service says',
    edits: [
      {
        file: 'web/flows/unrevealing.ts',
        find: 'if (!isRefusal(error) && !isTooOften(error)) throw error',
        replace: 'if (!isTooOften(error)) throw error',
      },
    ],
    made: { mail: true },
    run: compareAt('/forgot', 7),
  },
  {
    id: 'WEB-W52 ATTACK-I2',
    title: 'telling users from strangers by asking for the mail again (hazard 15)',
    guard: 'one answer whatever the service says',
    edits: [
      {
        file: 'web/flows/unrevealing.ts',
        find: 'if (!isRefusal(error) && !isTooOften(error)) throw error',
        replace: 'if (!isTooOften(error)) throw error',
      },
    ],
    made: { mail: true },
    run: compareAt('/verify', 7),
  },
  {
    id: 'WEB-W52 WEB-W66 ATTACK-I2',
    title: 'telling users from strangers by registering their address (hazard 15)',
    guard: 'telling the owner of the address alone',
    edits: [
      { file: 'web/flows/register.ts', find: 'notify = isHidden(exchange, organization)', replace: 'notify = false' },
    ],
    made: { mail: true },
    run: compareAt('/register', 1),
  },
])

/** Milliseconds: what every such answer takes at least, less what a timer may be early. */
const LEAST = 95

/** The time of an answer that is out at once is the time of what was done, and tells for whom that was. */
const askAt = (path: string) => async (target: SiteTarget) => {
  const site = await target.site
  for (let i = 0; i < 12; i++) {
    const email = address()
    const started = performance.now()
    await site.browser().postJson(path, (asked[path] as Fields)(email))
    const ms = performance.now() - started
    if (ms < LEAST) return `an answer at ${path} takes ${ms.toFixed(1)} ms`
  }
  return undefined
}

describeSiteAttacks('Enumeration by time on the pages', [
  ...['/forgot', '/verify'].map((path) => ({
    id: 'WEB-W68 WEB-W66 ATTACK-I2',
    title: `telling users from strangers by the time of an answer at ${path}`,
    guard: 'answering in steps',
    edits: [{ file: 'std/in-steps.ts', find: 'await pause(STEP - (taken % STEP))', replace: '' }],
    made: { mail: true } as const,
    run: askAt(path),
  })),
  {
    id: 'WEB-W52 ATTACK-I2',
    title: 'telling users from strangers by the time of a registration',
    guard: 'answering in steps where nobody may learn who has an account',
    edits: [
      {
        file: 'web/flows/register.ts',
        find: 'await (notify ? inSteps(registering) : registering())',
        replace: 'await registering()',
      },
    ],
    made: { mail: true },
    run: askAt('/register'),
  },
])

describeSiteAttacks('Floods through the pages', [
  {
    id: 'GOAL-I3',
    title: 'registering hundreds of accounts from one network',
    guard: 'telling the service where the user is',
    edits: [
      {
        file: 'web/flows/register.ts',
        find: 'account: draft, organization, source,',
        replace: 'account: draft, organization,',
      },
    ],
    async run(target) {
      const browser = (await target.site).browser()
      const statuses = []
      for (let i = 0; i < 40; i++) {
        statuses.push((await browser.postJson('/register', { email: address(), password: PASSWORD })).status)
      }
      const made = statuses.filter((status) => status === 200).length
      return made > 20 ? `${made} accounts are made` : undefined
    },
  },
  {
    id: 'GOAL-G9',
    title: 'having mails sent to everybody from one network',
    guard: 'telling the service where the user is',
    edits: [
      {
        file: 'web/flows/forgot.ts',
        find: 'requestPasswordReset(email, { source })',
        replace: 'requestPasswordReset(email, {})',
      },
    ],
    made: { mail: true },
    async run(target) {
      const browser = (await target.site).browser()
      const sent = []
      for (let i = 0; i < 40; i++) {
        const { email } = await target.account({ email: address() })
        await browser.postJson('/forgot', { email })
        sent.push(await target.service.inbox?.latest({ to: email }))
      }
      const mails = sent.filter((mail) => mail !== undefined).length
      if (mails === 0) return 'no mail is sent at all'
      return mails > 30 ? `${mails} mails are sent` : undefined
    },
  },
])
