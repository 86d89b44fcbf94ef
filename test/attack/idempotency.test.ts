import { createHash } from 'node:crypto'
import { type Answer, describeAttacks, expectStatus, idOf, type Json, type Target, unique } from './attack.ts'

/** Options of a request that carries a key of its own. */
function newKey() {
  const key = unique('key')
  return { key, keyed: { headers: { 'Idempotency-Key': key } } }
}

async function newKeys(target: Target): Promise<{ href: string }> {
  const account = await target.newAccount(await target.newDirectory())
  return account.apiKeys
}

/** What lies in the database under the key of a caller. */
async function kept(target: Target, key: string) {
  const id = createHash('sha256').update(`apiKey ${target.key.id} ${key}`).digest('base64url')
  return target.app.engine.services.store.keptAnswer(idOf(await target.tenant()), id, target.clock.now())
}

const takesKey = {
  file: 'core/idempotency.ts',
  find: 'if (!(await tx.claimAnswer({ tenant, id, fingerprint, expiresAt, now }))) throw new Taken()',
  replace: 'await tx.claimAnswer({ tenant, id, fingerprint, expiresAt, now })',
}

describeAttacks('Idempotency keys', [
  {
    id: 'GOAL-D9',
    title: 'repeating one creation sixty-four times at once',
    guard: 'taking the key in the transaction, and first in this process',
    edits: [
      takesKey,
      { file: 'core/idempotency.ts', find: 'if (other !== undefined) {', replace: "if (other === 'never') {" },
      { file: 'core/idempotency.ts', find: 'if (before) return before', replace: '' },
    ],
    onPostgres: true,
    async run(target) {
      const { keyed } = newKey()
      const { href } = await newKeys(target)
      await Promise.all(Array.from({ length: 64 }, () => target.post(href, { name: 'once' }, keyed)))
      const { size } = await target.read(href)
      return size === 1 ? undefined : `${size} keys were made`
    },
  },
  {
    id: 'GOAL-D9',
    title: 'having the secret told that another caller was told, under the key they used',
    guard: 'keys of each caller, and digests under their secrets',
    edits: [
      { file: 'core/idempotency.ts', find: '[actor.kind, actor.id, key]', replace: '[key]' },
      {
        file: 'rest/idempotency.ts',
        find: 'engine.secretOf(caller.key)',
        replace: 'typeof engine + typeof caller',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { keyed } = newKey()
      const tenant = await target.tenant()
      const mapped: Json = await target.read(`${tenant.accounts.href}?limit=1`)
      const second = target.as(await target.newApiKey(mapped.items[0]))
      const { href } = await newKeys(target)
      const made = expectStatus(await target.post(href, {}, keyed), 201)
      const stolen: Answer = await second.post(href, {}, keyed)
      return stolen.body?.secret === made.body.secret ? 'the secret was told' : undefined
    },
  },
  {
    id: 'GOAL-M5 GOAL-D9',
    title: 'reading the secret of a new API key in what is kept for repetitions',
    guard: 'sealing what is kept',
    edits: [
      {
        file: 'core/idempotency.ts',
        find: 'seal.seal(toText(made), placeOf(tenant, id))',
        replace: 'toText(made)',
      },
    ],
    async run(target) {
      const { key, keyed } = newKey()
      const { href } = await newKeys(target)
      const { body } = expectStatus(await target.post(href, {}, keyed), 201)
      const found = JSON.stringify(await kept(target, key))
      if (!found?.includes('fingerprint')) return 'nothing is kept'
      return found.includes(body.secret) ? 'the secret lies in clear' : undefined
    },
  },
  {
    id: 'GOAL-D9',
    title: 'trying passwords against the digest of a body that held one',
    guard: 'a key in the digest',
    edits: [
      { file: 'rest/idempotency.ts', find: 'import { createHmac }', replace: 'import { createHash }' },
      {
        file: 'rest/idempotency.ts',
        find: "createHmac('sha256', engine.secretOf(caller.key))",
        replace: "createHash('sha256', caller && engine ? {} : {})",
      },
    ],
    async run(target) {
      const { key, keyed } = newKey()
      const { accounts } = await target.newDirectory()
      const body = JSON.stringify({
        email: 'ada@example.com',
        password: 'Guessable-Kettle-1',
        givenName: 'A',
        surname: 'B',
      })
      expectStatus(await target.post(accounts.href, body, keyed), 201)
      const guess = createHash('sha256')
        .update(`once\nPOST ${new URL(accounts.href).pathname}?\n`)
        .update(body)
      return (await kept(target, key))?.fingerprint === guess.digest('base64url')
        ? 'the password is confirmed'
        : undefined
    },
  },
])

describeAttacks('Changes by who knows an older state', [
  {
    id: 'GOAL-D10',
    title: 'changing what others changed meanwhile, sixteen at once',
    guard: 'asking for the condition once the row is locked',
    edits: [
      {
        file: 'core/engine.ts',
        find: 'requireCondition(condition, before)\n        return work.change',
        replace: 'return work.change',
      },
    ],
    onPostgres: true,
    async run(target) {
      const group = await target.newGroup(await target.newDirectory())
      const tag = (await target.get(group.href)).headers.get('etag') as string
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          target.post(group.href, { description: `${i}` }, { headers: { 'If-Match': tag } }),
        ),
      )
      const won = answers.filter(({ status }) => status === 200).length
      return won === 1 ? undefined : `${won} changed it`
    },
  },
  {
    id: 'GOAL-D10',
    title: 'changing what was changed within the same millisecond',
    guard: 'a moment of its own for each change',
    edits: [
      {
        file: 'core/modified.ts',
        find: 'before ? Math.max(now, before.modifiedAt + 1) : now',
        replace: 'before ? Math.max(now, before.modifiedAt) : now',
      },
    ],
    async run(target) {
      const { href } = await target.newDirectory()
      const tag = (await target.get(href)).headers.get('etag') as string
      expectStatus(await target.post(href, { description: 'mine' }), 200)
      const { status } = await target.post(href, { description: 'theirs' }, { headers: { 'If-Match': tag } })
      return status === 412 ? undefined : `the change of somebody else is gone (${status})`
    },
  },
])
