import { expect, test } from 'vitest'
import {
  accountValues,
  type Body,
  describeConformance,
  expectError,
  expectStatus,
  type Json,
  link,
  type Service,
  unique,
} from './harness.ts'

const CLIENT = { clientId: 'our-client', clientSecret: 'the-secret-of-our-client' }
const OWN = {
  authorizationEndpoint: 'https://id.example.com/authorize',
  tokenEndpoint: 'https://id.example.com/token',
  resourceEndpoint: 'https://id.example.com/user',
}
const OIDC = { discoveryUrl: 'https://id.example.com/.well-known/openid-configuration' }
const NAMED = ['facebook', 'github', 'google', 'linkedin', 'twitter']

const mirror = (service: Service, provider: Body): Promise<Json> =>
  service.newDirectory({ provider: { ...CLIENT, ...provider } })
const refused = (service: Service, provider: unknown) =>
  service.post('/directories', { name: unique('Directory'), provider })

describeConformance(
  'Providers of directories',
  (service) => {
    test.each(NAMED)('REST-H1 a %s directory comes with its provider', async (providerId) => {
      const directory = await mirror(service(), { providerId })
      const provider = await service().read(directory.provider.href)
      expect(provider).toMatchObject({
        href: `${directory.href}/provider`,
        createdAt: directory.createdAt,
        modifiedAt: directory.modifiedAt,
        providerId,
        providerType: providerId,
        clientId: CLIENT.clientId,
        userInfoMappingRules: { href: expect.stringContaining('/userInfoMappingRules/') },
      })
      expect(await service().read(provider.userInfoMappingRules.href)).toMatchObject({ items: [] })
      const { provider: expanded } = await service().read(`${directory.href}?expand=provider`)
      expect(expanded).toEqual(provider)
    })

    test('REST-H1 a provider shows what its kind has and nothing else', async () => {
      const { href } = (await mirror(service(), { providerId: 'Google', hd: 'example.com', accessType: 'offline' }))
        .provider
      const google = await service().read(href)
      expect(google).toMatchObject({
        providerId: 'google',
        redirectUri: null,
        hd: 'example.com',
        accessType: 'OFFLINE',
        display: null,
      })
      for (const foreign of ['tokenEndpoint', 'idField', 'discoveryUrl']) expect(google).not.toHaveProperty(foreign)
      const cloud = await service().read((await service().newDirectory()).provider.href)
      expect(Object.keys(cloud)).toEqual(['href', 'createdAt', 'modifiedAt', 'providerId', 'providerType'])
      expect(cloud).toMatchObject({ providerId: 'stormpath', providerType: 'stormpath' })
    })

    test('REST-H1 the secret of the client is shown where it always was, and nowhere else', async () => {
      const { href } = (await mirror(service(), { providerId: 'github' })).provider
      const { text } = await service().get(href)
      expect(text.includes(CLIENT.clientSecret)).toBe(service().way.preset === 'stormpath')
    })

    test('REST-H2 a provider of your own is named by its endpoints', async () => {
      const directory = await mirror(service(), { providerId: 'acme', ...OWN, idField: 'data.id', scope: ['openid'] })
      const provider = await service().read(directory.provider.href)
      expect(provider).toMatchObject({
        providerId: 'acme',
        providerType: 'oauth2',
        ...OWN,
        accessTokenType: 'bearer',
        idField: 'data.id',
        scope: ['openid'],
      })
      for (const providerType of ['oauth', 'OAuth2'])
        await mirror(service(), { providerId: 'other', providerType, ...OWN, accessTokenType: 'oauth_token' })
    })

    test('REST-H2 and one of OpenID Connect by its discovery document', async () => {
      const { href } = (await mirror(service(), { providerId: 'acme', ...OIDC })).provider
      expect(await service().read(href)).toMatchObject({
        providerType: 'oidc',
        ...OIDC,
        scope: ['openid', 'profile', 'email'],
      })
    })

    test('REST-H1 REST-H2 what a kind needs is required, what it does not have is refused, and nothing is left of it', async () => {
      const count = async () => (await service().read(service().tenant.directories.href)).size
      const before = await count()
      for (const providerId of [...NAMED, 'acme']) {
        expectError(await refused(service(), { providerId, clientId: 'x' }), 400, 2000)
      }
      expectError(
        await refused(service(), { providerId: 'acme', ...CLIENT, tokenEndpoint: OWN.tokenEndpoint }),
        400,
        2000,
      )
      expectError(await refused(service(), { providerId: 'google', ...CLIENT, ...OWN }), 400, 2017)
      expectError(await refused(service(), { clientId: 'x' }), 400, 2017)
      expectError(await refused(service(), { providerId: 'google', ...CLIENT, providerType: 'oauth2' }), 400, 2002)
      expectError(
        await refused(service(), { providerId: 'acme', ...CLIENT, ...OWN, providerType: 'google' }),
        400,
        2002,
      )
      for (const providerId of ['saml', 'ldap', 'AD']) {
        expectError(await refused(service(), { providerId, ...CLIENT }), 400, 2003)
      }
      for (const tokenEndpoint of [
        'ftp://id.example.com/',
        'https://a:b@id.example.com/',
        'nowhere',
        'file:///etc/passwd',
      ])
        expectError(await refused(service(), { providerId: 'acme', ...CLIENT, ...OWN, tokenEndpoint }), 400, 2006)
      expectError(await refused(service(), { providerId: 'google', ...CLIENT, unheardOf: 1 }), 400, 2015)
      expectError(await refused(service(), 'google'), 400, 400)
      expect(await count()).toBe(before)
    })

    test('REST-H3 a provider is changed, what is not named stays, and a directory may be posted back whole', async () => {
      const directory = await mirror(service(), { providerId: 'google', scope: ['calendar'] })
      const before = await service().read(directory.provider.href)
      service().clock.advance(1000)
      const after = await service().update(before.href, { clientId: 'another', redirectUri: 'postmessage' })
      expect(after).toMatchObject({ clientId: 'another', redirectUri: 'postmessage', scope: before.scope })
      expect(after.modifiedAt > before.modifiedAt).toBe(true)
      const whole = await service().read(`${directory.href}?expand=provider`)
      expect((await service().update(whole.provider.href, whole.provider)).clientId).toBe('another')
      expect(await service().update(directory.href, { ...whole, description: 'x' })).toMatchObject({ description: 'x' })
      expectError(await service().post(before.href, { clientId: null }), 400, 2000)
      expectError(await service().post(before.href, { tokenEndpoint: OWN.tokenEndpoint }), 400, 2017)
    })

    test('REST-H3 what kind a provider is stays: 6201 from Cloud, 6202 from another', async () => {
      const cloud = (await service().newDirectory()).provider.href
      expectError(await service().post(cloud, { providerId: 'google', ...CLIENT }), 400, 6201)
      const before = await service().read(cloud)
      expect(await service().update(cloud, before)).toEqual(before)
      expectError(await service().post(cloud, { clientId: 'x' }), 400, 2017)
      const { href } = (await mirror(service(), { providerId: 'google' })).provider
      expectError(await service().post(href, { providerId: 'facebook' }), 400, 6202)
      expect((await service().update(href, { providerId: 'google', clientId: 'x' })).clientId).toBe('x')
      expect((await service().read(href)).providerId).toBe('google')
    })

    test('REST-H4 the scopes of a kind are always among those of the provider, under either name', async () => {
      const old = service().way.preset === 'stormpath'
      const scopes = {
        google: ['profile', 'email'],
        facebook: ['public_profile', 'email'],
        github: ['user:email'],
        linkedin: old ? ['r_basicprofile', 'r_emailaddress'] : ['openid', 'profile', 'email'],
      }
      for (const [providerId, scope] of Object.entries(scopes)) {
        const { provider } = await mirror(service(), { providerId })
        expect((await service().read(provider.href)).scope).toEqual(scope)
        expect((await service().update(provider.href, { scopes: ['more', scope[0]] })).scope).toEqual([
          ...scope,
          'more',
        ])
        expect((await service().update(provider.href, { scope: [] })).scope).toEqual(scope)
      }
      const { provider } = await mirror(service(), { providerId: 'twitter' })
      expect(await service().read(provider.href)).not.toHaveProperty('scope')
    })

    test('REST-H5 mapping rules come nested, are replaced whole, and name what an account has', async () => {
      const items = [{ name: 'locale', accountAttributes: ['customData.language', 'middleName'] }]
      const directory = await mirror(service(), { providerId: 'google', userInfoMappingRules: { items } })
      const { userInfoMappingRules: rules } = await service().read(directory.provider.href)
      expect(await service().read(rules.href)).toMatchObject({ href: rules.href, items })
      const others = [{ name: 'a.b[0]', accountAttributes: ['username'] }]
      expect((await service().update(rules.href, { items: others })).items).toEqual(others)
      for (const target of [
        'status',
        'password',
        'href',
        'customData',
        'customData.',
        'customData.href',
        'emailVerificationStatus',
      ])
        expectError(
          await service().post(rules.href, { items: [{ name: 'a', accountAttributes: [target] }] }),
          400,
          2002,
        )
      expectError(
        await service().post(rules.href, { items: [{ name: 'a', accountAttributes: ['customData.spMeta'] }] }),
        400,
        3003,
      )
      for (const wrong of ['x', [1], [[]]]) expectError(await service().post(rules.href, { items: wrong }), 400, 2004)
      expectError(await service().post(rules.href, { items: [{ name: 'a' }] }), 400, 2000)
      expectError(await service().post(rules.href, { items: [{ ...others[0], more: 1 }] }), 400, 2015)
      expect((await service().read(rules.href)).items).toEqual(others)
      expect((await service().update(rules.href, { items: [] })).items).toEqual([])
    })

    test('REST-H10 nothing is created in a mirror directory by hand', async () => {
      const directory = await mirror(service(), { providerId: 'github' })
      expectError(await service().post(directory.accounts.href, accountValues()), 400, 6100)
      expectError(await service().post(directory.groups.href, { name: 'Group' }), 400, 6100)
      expect((await service().read(directory.accounts.href)).size).toBe(0)
    })

    test('REST-F6 REST-H10 a mirror directory is no default store: 5106, 5110, 4606, 4610', async () => {
      const store = await mirror(service(), { providerId: 'github' })
      const [application, organization] = [await service().newApplication(), await service().newOrganization()]
      const sides = [
        { to: '/accountStoreMappings', owner: { application: link(application) }, codes: [5106, 5110] },
        { to: '/organizationAccountStoreMappings', owner: { organization: link(organization) }, codes: [4606, 4610] },
      ] as const
      for (const { to, owner, codes } of sides) {
        const body = { ...owner, accountStore: link(store) }
        for (const [at, flag] of (['isDefaultAccountStore', 'isDefaultGroupStore'] as const).entries()) {
          expectError(await service().post(to, { ...body, [flag]: true }), 400, codes[at] as number)
        }
        const mapping = await service().create(to, body)
        expectError(await service().post(mapping.href, { isDefaultAccountStore: true }), 400, codes[0])
        expectError(await service().post(mapping.href, { isDefaultGroupStore: true }), 400, codes[1])
        expect(await service().read(mapping.href)).toMatchObject({ isDefaultAccountStore: false })
      }
    })

    test('REST-F7 of each provider there is one directory in an application and in an organization: 5200, 4700', async () => {
      const [first, second] = [
        await mirror(service(), { providerId: 'google' }),
        await mirror(service(), { providerId: 'google' }),
      ]
      const acme = await mirror(service(), { providerId: 'acme', ...OWN })
      const application = await service().newApplication()
      await service().newMapping(application, first)
      await service().newMapping(application, acme)
      const mapping = { application: link(application), accountStore: link(second) }
      expectError(await service().post('/accountStoreMappings', mapping), 400, 5200)
      await service().newMapping(application, await service().newDirectory())
      await service().newMapping(application, await service().newDirectory())
      const organization = await service().newOrganization()
      await service().newOrganizationMapping(organization, first)
      const other = { organization: link(organization), accountStore: link(second) }
      expectError(await service().post('/organizationAccountStoreMappings', other), 400, 4700)
    })

    test('REST-H3 a mirror directory goes with all it has', async () => {
      const directory = await mirror(service(), { providerId: 'google' })
      const { userInfoMappingRules } = await service().read(directory.provider.href)
      await service().remove(directory.href)
      for (const href of [directory.provider.href, userInfoMappingRules.href])
        expectStatus(await service().get(href), 404)
    })
  },
  { presets: ['modern', 'stormpath'] },
)
