import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startService } from '../support/service.ts'
import { describeAttacks, PASSWORD, type Target } from './attack.ts'

const TIMES = 20
/** Where a log-in that is held finds what to wait for. */
const HOLD = 'latchkeyHeldLogin'

async function post(target: Target, token: string, password: string): Promise<number> {
  const response = await target.fetch('/owner', { method: 'POST', body: new URLSearchParams({ token, password }) })
  await response.text()
  return response.status
}

/** Whether the owner can log in with it. */
async function isOwnersPassword(target: Target, password: string): Promise<boolean> {
  const { items } = await target.read('/applications?name=Stormpath')
  // Late enough that the tries before are no reason to pause this one.
  target.clock.advance(60 * 60 * 1000)
  return (await target.login(items[0], 'owner@example.com', password)).status === 200
}

describeAttacks('One-time things and uniqueness', [
  {
    id: 'ATTACK-A4',
    title: "posting the owner's one-time link twenty times at once",
    guard: 'the statement that uses a token up',
    edits: [
      {
        file: 'storage/one-time.ts',
        find: "'delete from one_time where tenant_id = ? and kind = ? and key_digest = ? and expires_at > ? returning payload'",
        replace:
          "'select payload from one_time where tenant_id = ? and kind = ? and key_digest = ? and expires_at > ?'",
      },
    ],
    onPostgres: true,
    async run(target) {
      const token = await target.ownerToken()
      const passwords = Array.from({ length: TIMES }, (_, i) => `${PASSWORD}-${i}`)
      const statuses = await Promise.all(passwords.map((password) => post(target, token, password)))
      const winners = passwords.filter((_, i) => statuses[i] === 200)
      if (winners.length !== 1) return `${winners.length} of ${TIMES} were told that it worked: ${statuses}`
      if (statuses.some((status) => status !== 200 && status !== 410)) return `answers ${statuses}`
      const working: boolean[] = []
      for (const password of passwords) working.push(await isOwnersPassword(target, password))
      if (working.filter(Boolean).length !== 1) return `${working.filter(Boolean).length} passwords open the account`
      if (!working[statuses.indexOf(200)]) return 'the password of another than the winner was stored'
      return (await post(target, token, `${PASSWORD}-late`)) === 200 ? 'the link worked again later' : undefined
    },
  },
  {
    id: 'ATTACK-A4',
    title: "spoiling the owner's link with a password that is refused",
    guard: 'holding the password against the rules before the token is used up',
    edits: [
      {
        file: 'core/owner-passwords.ts',
        find: 'await accounts.prepareUpdate?.(services, context, account, changes)',
        replace: `await services.store.write((tx) => tx.consume(tenant, KIND, secret, services.clock.now()))
  await accounts.prepareUpdate?.(services, context, account, changes)`,
      },
    ],
    onPostgres: true,
    async run(target) {
      const token = await target.ownerToken()
      const refused = await post(target, token, 'short')
      if (refused !== 400) return `a password too short is answered with ${refused}`
      const password = `${PASSWORD}-after-a-refusal`
      const status = await post(target, token, password)
      if (status !== 200) return `the link is used up by a refused password: ${status}`
      return (await isOwnersPassword(target, password)) ? undefined : 'the password was not stored'
    },
  },
  {
    id: 'ATTACK-A9',
    title: "opening the owner's link as a mail scanner does",
    guard: 'looking at a token without using it up',
    edits: [
      {
        file: 'core/owner-passwords.ts',
        find: 'await store.peek(tenant, KIND, secret, clock.now())',
        replace: 'await store.write((tx) => tx.consume(tenant, KIND, secret, clock.now()))',
      },
    ],
    onPostgres: true,
    async run(target) {
      const token = await target.ownerToken()
      for (const method of ['HEAD', 'GET', 'HEAD', 'GET'])
        await (await target.fetch(`/owner?token=${token}`, { method })).text()
      const status = await post(target, token, `${PASSWORD}-scanned`)
      return status === 200 ? undefined : `looking at the link used it up: ${status}`
    },
  },
  {
    id: 'ATTACK-A4',
    title: "using the owner's link a day late",
    guard: 'the two looks at the moment it expires',
    edits: [
      {
        file: 'storage/one-time.ts',
        find: 'and key_digest = ? and expires_at > ? returning payload',
        replace: 'and key_digest = ? and ? > 0 returning payload',
      },
      {
        file: 'storage/one-time.ts',
        find: "and key_digest = ? and expires_at > ?'",
        replace: "and key_digest = ? and ? > 0'",
      },
    ],
    onPostgres: true,
    async run(target) {
      const token = await target.ownerToken()
      target.clock.advance(24 * 3600 * 1000)
      try {
        return (await post(target, token, PASSWORD)) === 200 ? 'an expired link sets a password' : undefined
      } finally {
        target.clock.advance(-24 * 3600 * 1000)
      }
    },
  },
  {
    id: 'ATTACK-A19',
    title: 'killing the service between using up a link and storing the password',
    guard: 'one transaction around both',
    probe: [
      {
        file: 'core/owner-passwords.ts',
        find: "await work.change('account', before, changes)",
        replace: "await (process.kill(process.pid, 'SIGKILL') && work.change('account', before, changes))",
      },
    ],
    edits: [
      {
        file: 'core/owner-passwords.ts',
        find: '  return services.store.write(async (tx) => {\n',
        replace: `  const used = await services.store.write((tx) => tx.consume(tenant, KIND, secret, services.clock.now()))
  return services.store.write(async (tx) => {
`,
      },
      {
        file: 'core/owner-passwords.ts',
        find: '(await tx.consume(tenant, KIND, secret, work.now)) !== toPayload(before)',
        replace: 'used !== toPayload(before)',
      },
    ],
    async run({ root }) {
      const data = await mkdtemp(join(tmpdir(), 'latchkey-attacked-'))
      try {
        const killed = await startService({ root, data })
        const { stdout } = await promisify(execFile)(process.execPath, [
          join(root, 'src/cli/main.ts'),
          'owner-link',
          '--data',
          data,
        ])
        const token = /token=(\S+)/.exec(stdout)?.[1] as string
        const send = (url: string) =>
          fetch(`${url}/owner`, { method: 'POST', body: new URLSearchParams({ token, password: PASSWORD }) })
        const died = await send(killed.url).then(
          ({ status }) => `the service answered ${status} and lived`,
          () => undefined,
        )
        await killed.kill()
        if (died) return died
        const again = await startService({ data })
        const { status } = await send(again.url)
        await again.stop()
        return status === 200 ? undefined : `the link is used up and no password is set: ${status}`
      } finally {
        await rm(data, { recursive: true, force: true })
      }
    },
  },
  {
    id: 'GOAL-D10',
    title: 'logging in with the old password while it is being changed, to have it kept',
    guard: 'replacing an old hash only where it is still the same',
    probe: [
      {
        file: 'core/authentication/login.ts',
        find: '  const account = candidate?.account\n',
        replace: `  await Reflect.get(globalThis, '${HOLD}')?.()\n  const account = candidate?.account\n`,
      },
    ],
    edits: [
      {
        file: 'core/authentication/login.ts',
        find: 'if (current?.password === account.password)',
        replace: 'if (current)',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      const digest = createHash('sha256').update(`salt${PASSWORD}`).digest('base64')
      const password = `$stormpath2$SHA-256$1$c2FsdA==$${digest}`
      const email = 'joe@example.com'
      const { href } = await target.create(`${directory.accounts.href}?passwordFormat=mcf`, { email, password })
      const [verified, changed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      Reflect.set(globalThis, HOLD, () => {
        Reflect.deleteProperty(globalThis, HOLD)
        verified.resolve()
        return changed.promise
      })
      const pending = target.login(application, email, PASSWORD)
      await verified.promise
      await target.update(href, { password: `${PASSWORD}-new` })
      changed.resolve()
      await pending
      const old = await target.login(application, email, PASSWORD)
      if (old.status === 200) return 'the old password works again'
      const { status } = await target.login(application, email, `${PASSWORD}-new`)
      return status === 200 ? undefined : `${status} for the new password`
    },
  },
  {
    id: 'ATTACK-A18',
    title: 'signing up twenty times at once with one address',
    guard: 'the unique indexes of accounts',
    edits: [
      {
        file: 'storage/migrations/0002-accounts.ts',
        find: "'create unique index accounts_email_unique",
        replace: "'create index accounts_email_unique",
      },
      {
        file: 'storage/migrations/0002-accounts.ts',
        find: '`create unique index accounts_username_unique',
        replace: '`create index accounts_username_unique',
      },
    ],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      return oneAccount(target, directory, Array(TIMES).fill('joe@example.com'))
    },
  },
  {
    id: 'ATTACK-A18',
    title: 'signing up at once with one address in other cases, widths and Unicode forms',
    guard: 'folding what is compared',
    edits: [
      {
        file: 'std/fold.ts',
        find: "for (const character of text.normalize('NFKC')) folded += table.get(character) ?? character",
        replace: 'if (table) return text.toLowerCase()',
      },
    ],
    onPostgres: true,
    async run(target) {
      const directory = await target.newDirectory()
      return oneAccount(target, directory, [
        'strasse-kim@example.com',
        'STRASSE-KIM@EXAMPLE.COM',
        'straße-kim@example.com',
        'Straße-Kim@Example.com',
        'ｓtrasse-kim@example.com',
        'ſtrasse-\u212aim@example.com',
        'strasse-kım@example.com',
        'STRASSE-KİM@example.com',
        'ﬆrasse-kim@example.com',
        'stra\u1e9ee-kim@example.com',
      ])
    },
  },
])

/** Registers them all at once: one gets an account, the others hear that the address is taken. */
async function oneAccount(
  target: Target,
  directory: { href: string },
  emails: readonly string[],
): Promise<string | undefined> {
  const answers = await Promise.all(
    emails.map((email) => target.post(`${directory.href}/accounts`, { email, password: PASSWORD })),
  )
  const { size } = await target.read(`${directory.href}/accounts`)
  if (size !== 1) return `${size} accounts: ${answers.map(({ status }) => status)}`
  const others = answers.filter(({ status }) => status !== 201)
  const told = others.every(({ status, body }) => status === 409 && body.code === 2001)
  return told && others.length === emails.length - 1 ? undefined : `answers ${answers.map(({ text }) => text)}`
}
