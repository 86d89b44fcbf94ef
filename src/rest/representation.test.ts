import { describe, expect, test } from 'vitest'
import { createHrefs } from '../core/href.ts'
import type { Entity } from '../resources/registry.ts'
import { createRepresentations } from './representation.ts'

const base = 'https://id.example.com/v1'
const { represent, representCustomData, hrefOf } = createRepresentations(createHrefs(base))

const at = Date.UTC(2015, 7, 25, 19, 57, 5, 976)
const account: Entity<'account'> = {
  id: 'a1',
  tenant: 't1',
  createdAt: at,
  modifiedAt: at + 1,
  username: 'joe',
  email: 'Joe "J" O\u2028Neill@example.com',
  password: '$argon2id$secret',
  givenName: 'Joe',
  middleName: null,
  surname: 'Smith',
  status: 'ENABLED',
  emailVerificationStatus: 'UNVERIFIED',
  verificationToken: null,
  eventKey: 'sealed',
  passwordHistory: ['$argon2id$old'],
  passwordModifiedAt: at,
  directory: 'd1',
}

describe('an account', () => {
  const text = represent('account', account)
  const shown = JSON.parse(text)

  test('has href, times, attributes and links in this order', () => {
    expect(Object.keys(shown)).toEqual([
      'href',
      'createdAt',
      'modifiedAt',
      'username',
      'email',
      'givenName',
      'middleName',
      'surname',
      'fullName',
      'status',
      'emailVerificationStatus',
      'passwordModifiedAt',
      'tenant',
      'directory',
      'emailVerificationToken',
      'customData',
      'providerData',
      'groups',
      'groupMemberships',
      'applications',
      'apiKeys',
      'accessTokens',
      'refreshTokens',
      'linkedAccounts',
      'accountLinks',
      'sessions',
    ])
  })
  test('shows times as ISO-8601 UTC with milliseconds (REST-A16)', () => {
    expect(shown).toMatchObject({
      createdAt: '2015-08-25T19:57:05.976Z',
      modifiedAt: '2015-08-25T19:57:05.977Z',
      passwordModifiedAt: '2015-08-25T19:57:05.976Z',
    })
  })
  test('never holds the password or what the house keeps for itself (REST-K4)', () => {
    expect(text).not.toMatch(/password"|argon2id|eventKey|sealed/)
  })
  test('joins the names that are there (REST-K3)', () => {
    expect(shown.fullName).toBe('Joe Smith')
    expect(JSON.parse(represent('account', { ...account, givenName: null, surname: null })).fullName).toBeNull()
  })
  test('keeps any text as it is', () => {
    expect(shown.email).toBe(account.email)
  })
  test('has links of nothing but their href (TRAP-T6, TRAP-T7)', () => {
    expect(shown).toMatchObject({
      href: `${base}/accounts/a1`,
      tenant: { href: `${base}/tenants/t1` },
      directory: { href: `${base}/directories/d1` },
      customData: { href: `${base}/accounts/a1/customData` },
      groups: { href: `${base}/accounts/a1/groups` },
    })
    for (const value of Object.values(shown)) {
      if (typeof value === 'object' && value !== null) expect(Object.keys(value)).toEqual(['href'])
    }
  })
  test('holds expanded links in place of their hrefs', () => {
    const expanded = new Map([['directory', '{"href":"x","name":"Users"}']])
    expect(JSON.parse(represent('account', account, { expanded }))).toEqual({
      ...shown,
      directory: { href: 'x', name: 'Users' },
    })
  })
})

describe('other resources', () => {
  const times = { tenant: 't1', createdAt: at, modifiedAt: at }

  test('a null link is null, a list of strings is an array', () => {
    const application: Entity<'application'> = {
      id: 'p1',
      ...times,
      name: 'App',
      description: null,
      status: 'ENABLED',
      authorizedCallbackUris: ['https://a/"'],
      authorizedOriginUris: [],
      defaultAccountStoreMapping: 'm1',
      defaultGroupStoreMapping: null,
    }
    expect(JSON.parse(represent('application', application))).toMatchObject({
      authorizedCallbackUris: ['https://a/"'],
      defaultAccountStoreMapping: { href: `${base}/accountStoreMappings/m1` },
      defaultGroupStoreMapping: null,
      loginAttempts: { href: `${base}/applications/p1/loginAttempts` },
    })
  })

  test('a link with several kinds of target leads to the right one', () => {
    const mapping: Entity<'accountStoreMapping'> = {
      id: 'm1',
      ...times,
      listIndex: 0,
      isDefaultAccountStore: true,
      isDefaultGroupStore: false,
      application: 'p1',
      accountStore: { resource: 'group', id: 'g1' },
    }
    expect(JSON.parse(represent('accountStoreMapping', mapping))).toMatchObject({
      listIndex: 0,
      isDefaultAccountStore: true,
      accountStore: { href: `${base}/groups/g1` },
    })
  })

  test('an API key shows its id, and its secret only as opened', () => {
    const key: Entity<'apiKey'> = {
      id: 'K1',
      ...times,
      name: null,
      description: null,
      status: 'ENABLED',
      secret: 'sealed',
      secretDigest: 'digest',
      account: 'a1',
    }
    const text = represent('apiKey', key, { revealed: new Map([['secret', 'clear']]) })
    expect(JSON.parse(text)).toMatchObject({ id: 'K1', secret: 'clear', href: `${base}/apiKeys/K1` })
    expect(text).not.toMatch(/digest|sealed/)
    expect(() => represent('apiKey', key)).toThrow(/sealed/)
  })

  test('parts are found under their owner, or at an address of their own', () => {
    expect(hrefOf('provider', 'd1')).toBe(`${base}/directories/d1/provider`)
    expect(hrefOf('passwordPolicy', 'd1')).toBe(`${base}/passwordPolicies/d1`)
    expect(hrefOf('passwordStrength', 'd1')).toBe(`${base}/passwordPolicies/d1/strength`)
    expect(hrefOf('providerData', 'a1')).toBe(`${base}/accounts/a1/providerData`)
  })
})

describe('custom data', () => {
  const owner = { resource: 'account', id: 'a1' } as const
  const own = `"href":"${base}/accounts/a1/customData","createdAt":"2015-08-25T19:57:05.976Z","modifiedAt":"2015-08-25T19:57:05.976Z"`

  test('shows href and times even when empty (TRAP-T6)', () => {
    expect(representCustomData(owner, { json: '{}', createdAt: at, modifiedAt: at })).toBe(`{${own}}`)
  })
  test('keeps its members as they were written (TRAP-T5)', () => {
    const json = '{"n":0.00,"big":123456789012345678901234567890}'
    expect(representCustomData(owner, { json, createdAt: at, modifiedAt: at })).toBe(`{${own},${json.slice(1)}`)
  })
})
