import { type Answer, describeAttacks, expectStatus, type Json, PASSWORD, type Target } from './attack.ts'

const WRONG = 'Not-The-Password-1'
/** Documentation networks (RFC 5737). */
const ATTACKER = '198.51.100.20'
const HOME = '192.0.2.10'

async function household(target: Target): Promise<{ application: Json; directory: Json; email: string }> {
  const { application, directory } = await target.newApplicationWithDirectory()
  const { email } = await target.newAccount(directory)
  return { application, directory, email }
}

/** A guess from an address that the application names; the browser's own headers are passed on by nobody. */
function guess(
  target: Target,
  application: Json,
  login: string,
  password: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const value = Buffer.from(`${login}:${password}`).toString('base64')
  return target.post(application.loginAttempts.href, { type: 'basic', value }, { headers })
}

const from = (address: string) => ({ 'X-Latchkey-User-Address': address })
/** Passwords that were really tried: refused ones are not even looked at. */
const tried = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 400).length

const unlimited = { file: 'core/limits/rule.ts', find: '  if (usage.pausedUntil > now) return 0\n', replace: '' }

describeAttacks('Guessing passwords', [
  {
    id: 'ATTACK-A10 GOAL-D5 GOAL-I3',
    title: 'guessing sixty-four passwords of an account at once',
    guard: 'counting those under way as if they had failed',
    edits: [
      {
        file: 'core/limits/in-line.ts',
        find: 'if (pending.every((count, at) => count < (rooms[at] as number))) break',
        replace: 'break',
      },
    ],
    onPostgres: true,
    // A hash that takes its time, and connections that are open: all of them come before the first has failed.
    made: { realCost: true },
    async run(target) {
      const { application, email } = await household(target)
      await Promise.all(Array.from({ length: 64 }, () => target.get(application.href)))
      const answers = await Promise.all(Array.from({ length: 64 }, () => guess(target, application, email, WRONG)))
      const odd = answers.find(({ status }) => ![400, 429, 503].includes(status))
      if (odd) return `${odd.status} ${odd.text}`
      return tried(answers) > 10 ? `${tried(answers)} passwords were tried` : undefined
    },
  },
  {
    id: 'ATTACK-A10 GOAL-I3',
    title: 'guessing the password of one account from ever new networks',
    guard: 'counting by name',
    edits: [unlimited],
    async run(target) {
      const { application, email } = await household(target)
      const answers = []
      for (let i = 0; i < 40; i++) answers.push(await guess(target, application, email, WRONG, from(`203.0.${i}.7`)))
      return tried(answers) > 10 ? `${tried(answers)} passwords were tried` : undefined
    },
  },
  {
    id: 'GOAL-I3',
    title: 'stuffing: one password for each of many names, from one network',
    guard: 'counting by network',
    edits: [
      {
        file: 'core/limits/login-guard.ts',
        find: "if (wait > 0) return refused(one.limit, new Problem('tooManyRequests'",
        replace: "if (wait < 0) return refused(one.limit, new Problem('tooManyRequests'",
      },
    ],
    async run(target) {
      const { application } = await household(target)
      const answers = []
      for (let i = 0; i < 160; i++) {
        answers.push(await guess(target, application, `person${i}@example.com`, WRONG, from(`198.51.100.${i}`)))
      }
      return tried(answers) > 100 ? `${tried(answers)} names were tried` : undefined
    },
  },
  {
    id: 'GOAL-I3',
    title: 'stuffing with log-ins to an account of their own in between, to be forgiven',
    guard: 'forgiving an account alone, never a network',
    edits: [
      {
        file: 'core/limits/login-guard.ts',
        find: '          if (!wrong) return giveBack()',
        replace: '          if (!wrong) for (let i = 0; i < 100; i++) giveBack()\n          if (!wrong) return',
      },
    ],
    async run(target) {
      const { application, email } = await household(target)
      const answers = []
      for (let i = 0; i < 160; i++) {
        answers.push(await guess(target, application, `person${i}@example.com`, WRONG, from(ATTACKER)))
        if (i % 9 === 8) await guess(target, application, email, PASSWORD, from(ATTACKER))
      }
      return tried(answers) > 100 ? `${tried(answers)} names were tried` : undefined
    },
  },
  {
    id: 'WEB-W58 GOAL-I3',
    title: 'locking somebody out by failing in their name',
    guard: 'counters of their own for where an account has logged in before',
    edits: [
      {
        file: 'core/limits/login-guard.ts',
        find: 'const from = account === undefined ? undefined :',
        replace: 'const from = true ? undefined :',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, email } = await household(target)
      expectStatus(await guess(target, application, email, PASSWORD, from(HOME)), 200)
      for (let i = 0; i < 40; i++) await guess(target, application, email, WRONG, from(ATTACKER))
      const { status, text } = await guess(target, application, email, PASSWORD, from(HOME))
      return status === 200 ? undefined : `the owner is answered ${status} ${text}`
    },
  },
  {
    id: 'WEB-W58',
    title: 'locking somebody out for good, by failing again after each pause',
    guard: 'the longest pause',
    edits: [
      {
        file: 'storage/usages.ts',
        find: '> :longest then :longest else',
        replace: '> 1000 * :longest then :longest else',
      },
    ],
    async run(target) {
      const { application, email } = await household(target)
      for (let hour = 0; hour < 48; hour++) {
        for (let i = 0; i < 12; i++) await guess(target, application, email, WRONG, from(ATTACKER))
        target.clock.advance(60 * 60_000)
      }
      const { status, headers } = await guess(target, application, email, PASSWORD)
      return status === 200 ? undefined : `the owner waits ${headers.get('retry-after')} s more`
    },
  },
  {
    id: 'ATTACK-D3',
    title: 'pretending to come from a new network each time, by X-Forwarded-For',
    guard: 'hearing of an address from an application alone',
    edits: [
      {
        file: 'rest/source.ts',
        find: 'const address = request.header(sourceHeaders.address)',
        replace: "const address = request.header('x-forwarded-for') ?? request.header(sourceHeaders.address)",
      },
    ],
    async run(target) {
      const { application } = await household(target)
      const answers = []
      for (let i = 0; i < 160; i++) {
        const forwarded = { 'X-Forwarded-For': `203.0.${i}.7`, Forwarded: `for=203.0.${i}.7` }
        const login = `person${i}@example.com`
        answers.push(await guess(target, application, login, WRONG, { ...from(ATTACKER), ...forwarded }))
      }
      return tried(answers) > 100 ? `${tried(answers)} names were tried` : undefined
    },
  },
  {
    id: 'ATTACK-I3',
    title: 'telling users from strangers by whose log-in is paused',
    guard: 'counting names that no account has',
    edits: [
      {
        file: 'core/authentication/login.ts',
        find: "return code === 'passwordIncorrect' || code === 'accountUnknown'",
        replace: "return code === 'passwordIncorrect'",
      },
    ],
    async run(target) {
      const { application, email } = await household(target)
      const shown = []
      for (const login of [email, 'nobody@example.com']) {
        const answers = []
        for (let i = 0; i < 12; i++) answers.push(await guess(target, application, login, WRONG))
        shown.push(
          answers.map(({ status, body, headers }) => `${status} ${body.message} ${headers.get('retry-after')}`).join(),
        )
      }
      return shown[0] === shown[1] ? undefined : shown.join(' / ')
    },
  },
])
