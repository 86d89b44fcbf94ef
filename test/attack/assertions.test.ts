import { mint } from '../support/assertion.ts'
import { describeAttacks, type Json, type KeyPair, type Target } from './attack.ts'

async function site(target: Target) {
  const { application, directory } = await target.newApplicationWithDirectory()
  return { application, directory, account: await target.newAccount(directory) }
}

const claimsOf = (target: Target, application: Json, account: Json, key: KeyPair = target.key) => ({
  sub: account.href,
  iat: target.clock.now() / 1000 - Math.random(),
  iss: application.href,
  status: 'AUTHENTICATED',
  aud: key.id,
})

const grant = (target: Pick<Target, 'token'>, application: Json, token: string) =>
  target.token(application, { grant_type: 'stormpath_token', token })

describeAttacks('Assertions', [
  {
    id: 'ATTACK-R4',
    title: 'showing a token that we gave out as an assertion',
    guard: 'the kind in its header',
    edits: [
      {
        file: 'core/tokens/assertion-grant.ts',
        find: "  if (stt !== undefined && stt !== 'assertion') refuse('tokenInvalid', { reason: 'it is no assertion' })\n",
        replace: '',
      },
      {
        file: 'core/tokens/assertion-grant.ts',
        find: "  if (status !== 'AUTHENTICATED' && status !== 'REGISTERED') refuse('assertionUnauthenticated', {})\n",
        replace: '',
      },
      {
        file: 'core/tokens/assertion-grant.ts',
        find: 'const { kid = claims.aud } = header\n  const id = kid === claims.aud && ',
        replace: 'const { kid = claims.aud } = header\n  const id = ',
      },
    ],
    async run(target) {
      const { application, account } = await site(target)
      await target.update(application.oAuthPolicy.href, { tokenSignature: 'API_KEY', passwordGrant: 'ENABLED' })
      const { access_token, refresh_token } = await target.grantByPassword(application, account.username)
      for (const token of [access_token, refresh_token]) {
        if ((await grant(target, application, token)).status === 200) return 'it began another session'
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-R4 GOAL-D4',
    title: 'showing an assertion twice, and sixty-four times at once',
    guard: 'remembering which were used',
    edits: [
      {
        file: 'core/tokens/assertion-grant.ts',
        find: 'if (!(await services.store.claimNonce(key.id, nonce, issuedAt * 1000, endsAt * 1000))) {',
        replace: 'if (!(nonce + issuedAt + endsAt + key.id)) {',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, account } = await site(target)
      const token = mint(claimsOf(target, application, account), target.key.secret)
      const answers = await Promise.all(Array.from({ length: 64 }, () => grant(target, application, token)))
      const won = answers.filter(({ status }) => status === 200).length
      if (won > 1) return `${won} got tokens`
      return (await grant(target, application, token)).status === 200 ? 'it worked again' : undefined
    },
  },
  {
    id: 'ATTACK-B9',
    title: 'signing an assertion with the key of an ordinary account, and with one of another tenant',
    guard: 'taking keys of administrators of the tenant alone',
    edits: [
      {
        file: 'core/tokens/assertion-grant.ts',
        find: 'standing?.administrator && standing.key.tenant === tenant ? standing.key : undefined',
        replace: 'tenant ? standing?.key : undefined',
      },
    ],
    onPostgres: true,
    async run(target) {
      const { application, directory, account } = await site(target)
      const mallory = await target.newApiKey(await target.newAccount(directory))
      const stranger = await target.stranger()
      for (const key of [mallory, stranger.key]) {
        const token = mint(claimsOf(target, application, account, key), key.secret)
        if ((await grant(target, application, token)).status === 200) return `the key ${key.id} was believed`
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-B4',
    title: 'sending an assertion that nobody signed',
    guard: 'verifying its signature',
    edits: [
      {
        file: 'core/tokens/assertion-grant.ts',
        find: 'if (!key || !isSignedBy(parsed, hmacKey(key.id, openApiKeySecret(services, key)))) {',
        replace: 'if (!key || !(isSignedBy && hmacKey && openApiKeySecret)) {',
      },
    ],
    async run(target) {
      const { application, account } = await site(target)
      for (const header of [{ alg: 'none' }, {}]) {
        const token = mint(claimsOf(target, application, account), 'a guess', header)
        if ((await grant(target, application, token)).status === 200) return 'it was believed'
      }
      return undefined
    },
  },
  {
    id: 'ATTACK-F9',
    title: 'showing an assertion that was made for another application',
    guard: 'holding its issuer against the application',
    edits: [
      {
        file: 'core/tokens/assertion-grant.ts',
        find: "  if (iss !== services.hrefs.toHref('application', application)) refuse('tokenOfOtherApplication', {})\n",
        replace: '',
      },
    ],
    async run(target) {
      const { application, directory, account } = await site(target)
      const other = await target.newApplication()
      await target.newMapping(other, directory)
      const token = mint(claimsOf(target, other, account), target.key.secret)
      return (await grant(target, application, token)).status === 200 ? 'it was taken' : undefined
    },
  },
])
