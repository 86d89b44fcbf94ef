import { describeAttacks, type Json, type Target } from './attack.ts'

const WRONG = 'Not-The-Password-1'
/** Joe's password is `Copper-Kettle-4471` nowhere here: these verify at once, so that only we can make them slow. */
const CHEAP = '$stormpath2$MD5$1$c2FsdA==$ICy5YqxZB1uWSwcVLSNLcA=='

/** Enough for the least of each to be near what it takes undisturbed. */
const FEW = 8
/** Nobody is that unlucky: what is still apart then is apart. */
const MANY = 60

/** Guesses so far apart are never paused: that answers at once, whoever it is about. */
const HOUR = 60 * 60 * 1000

/**
 * Harm when one of the answers takes less than half as long as the slowest. Each is asked in turn, so that what else the
 * machine does weighs on all alike, and the least of many counts: noise can delay the verdict that there is none.
 */
async function apart(
  { clock }: Target,
  names: readonly string[],
  ask: (name: string) => Promise<unknown>,
): Promise<string | undefined> {
  const least = names.map(() => Number.POSITIVE_INFINITY)
  for (let round = 1; round <= MANY; round++) {
    for (const [at, name] of names.entries()) {
      clock.advance(HOUR)
      const start = performance.now()
      await ask(name)
      least[at] = Math.min(least[at] as number, performance.now() - start)
    }
    if (round >= FEW && Math.min(...least) >= Math.max(...least) / 2) return undefined
  }
  return names.map((name, at) => `${name}: ${(least[at] as number).toFixed(1)} ms`).join(', ')
}

async function household(target: Target): Promise<{ application: Json; directory: Json; group: Json }> {
  const { application, directory } = await target.newApplicationWithDirectory()
  await target.newAccount(directory, { email: 'joe@example.com', username: 'joe' })
  return { application, directory, group: await target.newGroup(directory) }
}

describeAttacks('Enumeration and timing', [
  {
    id: 'ATTACK-I1 ATTACK-I3',
    title: 'telling users from strangers, and disabled users from others, by what a wrong password is answered',
    guard: 'one message for all, and statuses told after the password alone',
    edits: [
      {
        file: 'core/authentication/login.ts',
        find: '  const { account } = candidate\n',
        replace:
          "  const { account } = candidate\n  if (account.status === 'DISABLED') return new Problem('accountDisabled', {})\n",
      },
    ],
    async run(target) {
      const { application, directory } = await household(target)
      for (const status of ['DISABLED', 'UNVERIFIED']) {
        await target.newAccount(directory, { email: `${status}@example.com`, status })
      }
      const answers = []
      for (const login of [
        'joe@example.com',
        'joe',
        'nobody@example.com',
        'nobody',
        'disabled@example.com',
        'unverified@example.com',
        '',
      ]) {
        answers.push(await target.login(application, login, WRONG))
      }
      const shown = new Set(
        answers.map(({ status, headers, body }) =>
          JSON.stringify([
            status,
            [...headers.keys()].filter((name) => name !== 'location'),
            body.message,
            headers.get('location'),
          ]),
        ),
      )
      if (shown.size !== 1) return `users see ${[...shown].join(' and ')}`
      const codes = new Set(answers.map(({ body }) => body.code))
      // The two historical codes are for whoever holds an API key; no third one may tell of a status.
      return [...codes].every((code) => code === 7100 || code === 7104) ? undefined : `codes ${[...codes]}`
    },
  },
  {
    id: 'ATTACK-I1',
    title: 'telling users from strangers by the time a wrong password takes',
    guard: 'verifying a hash of nothing for accounts that do not exist',
    edits: [{ file: 'core/authentication/login.ts', find: 'await passwords.verifyNothing(password)', replace: '' }],
    made: { realCost: true },
    async run(target) {
      const { application } = await household(target)
      const names = ['joe@example.com', 'nobody@example.com', 'nobody']
      return apart(target, names, (login) => target.login(application, login, WRONG))
    },
  },
  {
    id: 'ATTACK-I1',
    title: 'telling imported users from others by the time their cheap hashes take',
    guard: 'making a refusal of an old hash as slow as one of ours',
    edits: [
      {
        file: 'crypto/passwords/passwords.ts',
        find: 'return needsRehash(encoded) ? refuse() : false',
        replace: 'return false',
      },
    ],
    made: { realCost: true },
    async run(target) {
      const { application, directory } = await household(target)
      const imported = { email: 'imported@example.com', username: 'imported', password: CHEAP }
      const answer = await target.post(`${directory.accounts.href}?passwordFormat=mcf`, imported)
      if (answer.status !== 201) return `the hash is refused, so nothing is proved: ${answer.text}`
      const names = ['joe@example.com', 'imported@example.com', 'nobody@example.com']
      return apart(target, names, (login) => target.login(application, login, WRONG))
    },
  },
  {
    id: 'ATTACK-I1',
    title: 'telling disabled users from others by the time a wrong password takes',
    guard: 'verifying the password before a status is looked at',
    edits: [
      {
        file: 'core/authentication/login.ts',
        find: 'if (!(await passwords.verify(password, account.password)))',
        replace: "if (account.status === 'DISABLED' || !(await passwords.verify(password, account.password)))",
      },
    ],
    made: { realCost: true },
    async run(target) {
      const { application, directory } = await household(target)
      await target.newAccount(directory, { email: 'disabled@example.com', status: 'DISABLED' })
      const names = ['joe@example.com', 'disabled@example.com']
      return apart(target, names, (login) => target.login(application, login, WRONG))
    },
  },
  {
    id: 'ATTACK-I6',
    title: 'asking a log-in which stores and organizations there are',
    guard: 'answering alike for stores of others and of nobody',
    edits: [
      {
        file: 'core/account-stores.ts',
        find: "await reader.find('organization', tenant, ['nameKey'], [store.nameKey])",
        replace:
          "await reader.find('organization', tenant, ['nameKey'], [store.nameKey]).then(async (found) => found ?? (await reader.list({ resource: 'organization', tenant: (await reader.firstTenant())?.id ?? '', scope: { by: 'tenant', id: (await reader.firstTenant())?.id ?? '' }, offset: 0, limit: 100 })).items.find(({ nameKey }) => nameKey === store.nameKey))",
      },
    ],
    async run(target) {
      // The first tenant is the victim here.
      const { nameKey } = await target.newOrganization({ nameKey: 'victims-own' })
      const stranger = await target.stranger()
      const application = await stranger.newApplication()
      await stranger.newMapping(application, await stranger.newDirectory())
      const attempt = async (wanted: string) => {
        const { status, body } = await stranger.login(application, 'joe', WRONG, { accountStore: { nameKey: wanted } })
        return JSON.stringify([status, body.code, body.message])
      }
      const [theirs, nobodys] = [await attempt(nameKey), await attempt('nobodys-own')]
      return theirs === nobodys ? undefined : `${theirs} for a name of another tenant, ${nobodys} for one of nobody`
    },
  },
])
