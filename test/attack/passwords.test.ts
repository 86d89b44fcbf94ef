import { createHash } from 'node:crypto'
import { describeAttacks, idOf, PASSWORD, type Target } from './attack.ts'

/** An imported hash of `Copper-Kettle-4471`, one round of SHA-256. */
const IMPORTED = `$stormpath2$SHA-256$1$c2FsdA==$${sha256(`salt${PASSWORD}`)}`

const storedAs = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/

/** What is kept of the password of an account. */
async function stored(target: Target, account: { href: string }): Promise<string> {
  const tenant = idOf(await target.tenant())
  return (await target.app.engine.services.store.get('account', tenant, idOf(account)))?.password ?? ''
}

describeAttacks('Passwords and secrets at rest', [
  {
    id: 'GOAL-I1',
    title: 'reading the hashes of passwords, to try them out cheaply',
    guard: 'replacing old hashes at the next log-in',
    edits: [
      {
        file: 'crypto/passwords/passwords.ts',
        find: "if (typeof parsed === 'string') return true",
        replace: "if (typeof parsed === 'string') return false",
      },
    ],
    made: { realCost: true },
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      const [one, two] = [await target.newAccount(directory), await target.newAccount(directory)]
      const email = 'imported@example.com'
      const imported = await target.create(`${directory.accounts.href}?passwordFormat=mcf`, {
        email,
        password: IMPORTED,
      })
      if ((await target.login(application, email, PASSWORD)).status !== 200) return 'the imported hash does not work'
      const hashes = [await stored(target, one), await stored(target, two), await stored(target, imported)]
      const weak = hashes.find((hash) => !storedAs.test(hash))
      if (weak !== undefined) return `a password is stored as ${weak}`
      return new Set(hashes).size === 3 ? undefined : 'one password has one hash in several accounts'
    },
  },
  {
    id: 'GOAL-G1',
    title: 'flooding the log-in with wrong passwords',
    guard: 'the bound on passwords that wait to be hashed',
    edits: [
      { file: 'crypto/passwords/passwords.ts', find: 'const maxWaiting = 32', replace: 'const maxWaiting = 1e9' },
    ],
    made: { realCost: true },
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      await target.newAccount(directory, { email: 'joe@example.com' })
      const flood = Array.from({ length: 150 }, (_, i) =>
        // a name of its own each: what many failures of one name are answered is another matter
        target.login(application, `nobody${i}@example.com`, 'Not-The-Password-1'),
      )
      const answers = await Promise.all(flood)
      const odd = answers.find(({ status }) => status !== 400 && status !== 503)
      if (odd) return `${odd.status} ${odd.text}`
      const shed = answers.filter(({ status }) => status === 503)
      if (shed.length === 0) return 'all of them were hashed, one behind the other'
      if (shed.some(({ headers }) => !(Number(headers.get('retry-after')) > 0))) return 'a 503 without Retry-After'
      const after = await target.login(application, 'joe@example.com', PASSWORD)
      return after.status === 200 ? undefined : `${after.status} for the right password after the flood`
    },
  },
  {
    id: 'GOAL-M5',
    title: 'putting the sealed secret of one API key into the row of another',
    guard: 'binding what is sealed to its place',
    edits: [
      {
        file: 'crypto/seal.ts',
        find: '[tenant, table, row, column].flatMap',
        replace: '[tenant, table, row, column].slice(0, 2).flatMap',
      },
    ],
    made: {},
    async run(target) {
      const account = await target.newAccount(await target.newDirectory())
      const [victim, own] = [await target.newApiKey(account), await target.newApiKey(account)]
      const tenant = idOf(await target.tenant())
      const { store } = target.app.engine.services
      const sealed = (await store.get('apiKey', tenant, victim.id))?.secret ?? ''
      if (sealed.includes(victim.secret) || sealed.length < victim.secret.length)
        return `the secret is kept as ${sealed}`
      // As whoever can write to the database but has no key ring.
      await store.write((tx) => tx.update('apiKey', tenant, own.id, { secret: sealed }))
      const { status, text } = await target.get(own.href)
      if (text.includes(victim.secret)) return 'the secret of another key is opened'
      return status === 500 ? undefined : `${status} for a key whose secret is not its own`
    },
  },
])

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
