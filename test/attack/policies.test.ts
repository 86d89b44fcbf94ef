/** Who may have an account, and with which password: attacks on the policies of a directory. */
import { afterAll } from 'vitest'
import { startRangeServer } from '../support/range-server.ts'
import { accountValues, type Body, describeAttacks, type Json, type Target } from './attack.ts'

const ranges = await startRangeServer([])
afterAll(() => ranges.close())

const DOMAINS = 'core/policies/email-domains.ts'

async function directoryWith(target: Target, lists: Body): Promise<Json> {
  const directory = await target.newDirectory()
  await target.update(directory.accountCreationPolicy.href, lists)
  return directory
}

/** The first of these addresses that got an account. */
async function firstAdmitted(target: Target, directory: Json, domains: readonly string[]): Promise<string | undefined> {
  for (const [at, domain] of domains.entries()) {
    const body = accountValues({ email: `mallory${at}@${domain}` })
    if ((await target.post(directory.accounts.href, body)).status === 201) return `${body.email} has an account`
  }
  return undefined
}

describeAttacks('Accounts that are kept out', [
  {
    id: 'ATTACK-E8',
    title:
      'spelling a domain on the blacklist otherwise: case, width, punycode, letters that fold, the dot of the root',
    guard: 'one spelling for both sides',
    edits: [
      { file: DOMAINS, find: 'const key = fold(domain)', replace: 'const key = typed' },
      { file: DOMAINS, find: 'matchesRule(key, fold(canonicalDomain(rule)))', replace: 'matchesRule(key, rule)' },
    ],
    async run(target) {
      const directory = await directoryWith(target, { emailDomainBlacklist: ['kiosk.example', 'bücher.example'] })
      return firstAdmitted(target, directory, [
        'KIOSK.example',
        'ｋｉｏｓｋ.example',
        '\u212aiosk.example',
        'kio\u017fk.example',
        'kıosk.example',
        'kiosk\uff0eexample',
        'kiosk.example.',
        'xn--bcher-kva.example',
        'BU\u0308CHER.example',
      ])
    },
  },
  {
    id: 'ATTACK-C4',
    title: 'owning a domain that begins with, ends in or holds one on the whitelist',
    guard: 'rules that must match from end to end',
    edits: [
      {
        file: DOMAINS,
        find: 'if (last === undefined) return text === rule',
        replace: 'if (last === undefined) return text.includes(rule)',
      },
      { file: DOMAINS, find: 'text.endsWith(last)', replace: 'text.includes(last)' },
    ],
    async run(target) {
      const directory = await directoryWith(target, { emailDomainWhitelist: ['site.example', '*.site.example'] })
      return firstAdmitted(target, directory, [
        'evilsite.example',
        'site.example.evil.example',
        'id.site.example.evil.example',
        'site.example-evil.example',
        'site.example/evil.example',
        'site.example(evil.example',
        '%73ite.example',
      ])
    },
  },
  {
    id: 'ATTACK-E8',
    title: 'owning a domain whose letters merely fold to those of one on the whitelist',
    guard: 'names that are the same to the domain name system',
    edits: [
      {
        file: DOMAINS,
        find: 'matchesRule(domain, canonicalDomain(rule))',
        replace: 'matchesRule(key, fold(canonicalDomain(rule)))',
      },
    ],
    async run(target) {
      const directory = await directoryWith(target, { emailDomainWhitelist: ['site.example', 'straße.example'] })
      return firstAdmitted(target, directory, ['sıte.example', 'strasse.example'])
    },
  },
  {
    id: 'ATTACK-E8',
    title: 'moving to a domain that is kept out once the account is there',
    guard: 'the lists at a change of address',
    edits: [
      {
        file: 'core/accounts.ts',
        find: 'checkEmailDomain(values.email, await creationPolicy(',
        replace: 'void (await creationPolicy(',
      },
    ],
    async run(target) {
      const directory = await directoryWith(target, { emailDomainBlacklist: ['*.bad.example'] })
      const account = await target.newAccount(directory)
      const { status } = await target.post(account.href, { email: 'mallory@very.bad.example' })
      return status === 200 ? 'the address changed' : undefined
    },
  },
  {
    id: 'GOAL-D4',
    title: 'waiting for a hash while the domain is put on the blacklist',
    guard: 'a second look inside the transaction',
    onPostgres: true,
    probe: [
      {
        file: 'core/accounts.ts',
        find: 'values.id = services.ids.next()',
        replace: `while (
      values.email?.startsWith('racing') &&
      (await creationPolicy(services.store, directory, context.tenant)).emailDomainBlacklist.length === 0
    ) await new Promise((resolve) => setTimeout(resolve, 10))
    values.id = services.ids.next()`,
      },
    ],
    edits: [{ file: 'core/accounts.ts', find: '    checkEmailDomain(account.email, policy)\n', replace: '' }],
    async run(target) {
      const directory = await target.newDirectory()
      const racing = target.post(directory.accounts.href, accountValues({ email: 'racing@bad.example' }))
      await target.update(directory.accountCreationPolicy.href, { emailDomainBlacklist: ['bad.example'] })
      return (await racing).status === 201 ? 'the account is there after the domain was kept out' : undefined
    },
  },
  {
    id: 'ATTACK-A18',
    title: 'asking to be verified from the start',
    guard: 'the workflow of the directory',
    edits: [
      {
        file: 'core/policies/initial-status.ts',
        find: "status: wanted.status === 'DISABLED' ? 'DISABLED' : 'UNVERIFIED'",
        replace: 'status: wanted.status',
      },
    ],
    async run(target) {
      const directory = await directoryWith(target, { verificationEmailStatus: 'ENABLED' })
      const wish = { status: 'ENABLED', emailVerificationStatus: 'VERIFIED' }
      const { status } = await target.newAccount(directory, wish)
      return status === 'ENABLED' ? 'the account can log in at once' : undefined
    },
  },
])

describeAttacks('Passwords that anyone would try', [
  {
    id: 'GOAL-I12',
    title: 'choosing a common password in another spelling',
    guard: 'a look-up without case and width',
    edits: [{ file: 'core/policies/common-passwords.ts', find: 'fold(password.trim())', replace: 'password' }],
    async run(target) {
      const directory = await target.newDirectory()
      for (const password of ['PassWord123', 'ｐａｓｓｗｏｒｄ１２３', ' password123', 'Pa\u017fsword123']) {
        const { status } = await target.post(directory.accounts.href, accountValues({ password }))
        if (status === 201) return `${password} was taken`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-N3',
    title: 'changing to a password that could not be chosen at sign-up',
    guard: 'the same rules at a change',
    edits: [
      {
        file: 'core/accounts.ts',
        find: 'await checkNewPassword(services, context, values.password, toOwner({ ...before, ...values }), rules)',
        replace: '',
      },
    ],
    async run(target) {
      const account = await target.newAccount(await target.newDirectory())
      for (const password of ['password123', 'lovelace-1815', 'short']) {
        if ((await target.post(account.href, { password })).status === 200) return `${password} was taken`
      }
      return undefined
    },
  },
  {
    id: 'GOAL-I12',
    title: 'keeping the server of stolen passwords: what it learns of new ones',
    guard: 'asking for a range',
    made: { breachedPasswords: ranges.url },
    edits: [{ file: 'providers/pwned-passwords.ts', find: 'digest.slice(0, 5)', replace: 'digest' }],
    async run(target) {
      const directory = await target.newDirectory()
      await target.update(`${directory.passwordPolicy.href}/strength`, { preventBreached: true })
      ranges.asked.length = 0
      await target.newAccount(directory)
      const [asked] = ranges.asked
      if (!asked) throw new Error('the server was not asked')
      return /^\/range\/[0-9A-F]{5}$/.test(asked.path) ? undefined : `it saw ${asked.path}`
    },
  },
])
