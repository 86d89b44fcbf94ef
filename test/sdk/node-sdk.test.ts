/** npm's stormpath@0.20.1, unmodified, against a service of its own with the historical preset. */

import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, readKey, startService } from '../support/service.ts'
import { all, call, openClient, type Sdk, strategies } from './stormpath.ts'

const PASSWORD = 'Copper-Kettle-4471'

let service: RunningService
let client: Sdk
let serial = 0

const unique = (prefix: string) => `${prefix}-${++serial}`
const person = (values: object = {}) => ({
  givenName: 'Ada',
  surname: 'Lovelace',
  email: `${unique('ada')}@example.com`,
  password: PASSWORD,
  ...values,
})

/** A second client: nothing it reads comes from the cache of the first. */
const freshClient = async (): Promise<Sdk> =>
  openClient(`${service.url}/v1`, await readKey(join(service.data, 'apiKey.properties')))

const newApplication = (): Promise<Sdk> =>
  call(client, 'createApplication', { name: unique('Application') }, { createDirectory: true })
const newDirectory = (): Promise<Sdk> => call(client, 'createDirectory', { name: unique('Directory') })

beforeAll(async () => {
  service = await startService({ args: ['--preset', 'stormpath'] })
  client = await freshClient()
})

afterAll(async () => {
  await service?.kill()
})

describe('The SDK for Node', () => {
  test('REST-D2 REST-B1 finds the tenant of its key', async () => {
    const tenant = await call(client, 'getCurrentTenant')
    expect(tenant.href).toMatch(new RegExp(`^${service.url}/v1/tenants/\\w+$`))
    expect(tenant.key).toMatch(/^[a-z]+-[a-z]+$/)
  })

  test('REST-D2 keeps its expansion across the redirect', async () => {
    const tenant = await call(await freshClient(), 'getCurrentTenant', { expand: 'customData' })
    expect(tenant.customData.createdAt).toBeTruthy()
  })

  test('REST-D1 TRAP-T17 finds the applications and directories that every tenant starts with', async () => {
    const applications = await all(await call(client, 'getApplications'))
    expect(applications.map(({ name }: Sdk) => name)).toEqual(expect.arrayContaining(['My Application', 'Stormpath']))
    const directories = await call(client, 'getDirectories', { name: 'Stormpath Administrators' })
    expect(directories.items).toHaveLength(1)
  })

  test('REST-E2 TRAP-T18 creates an application with a directory, lists and reads it', async () => {
    const application = await newApplication()
    expect(application.status).toBe('ENABLED')
    const found = await call(client, 'getApplications', { name: application.name })
    expect(found.items.map(({ href }: Sdk) => href)).toEqual([application.href])
    const mapping = await call(application, 'getDefaultAccountStore', { expand: 'accountStore' })
    expect(mapping.accountStore.name).toBe(application.name)
    expect((await call(await freshClient(), 'getApplication', application.href)).name).toBe(application.name)
  })

  test('TRAP-T8 is told that an application is taken', async () => {
    const { name } = await newApplication()
    const refusal = call(client, 'createApplication', { name })
    await expect(refusal).rejects.toMatchObject({ status: 409, code: 2001 })
  })

  test('REST-A12 TRAP-T3 saves whole resources', async () => {
    const application = await newApplication()
    const whole = await call(await freshClient(), 'getApplication', application.href, {
      expand: 'customData,accounts,groups,tenant,defaultAccountStoreMapping',
    })
    whole.description = 'saved'
    whole.customData.plan = 'gold'
    await call(whole, 'save')
    const after = await call(await freshClient(), 'getApplication', application.href, { expand: 'customData' })
    expect(after.description).toBe('saved')
    expect(after.customData.plan).toBe('gold')
  })

  test('REST-G1 creates, saves and deletes a directory', async () => {
    const directory = await newDirectory()
    directory.description = 'saved'
    directory.status = 'disabled'
    const saved = await call(directory, 'save')
    expect([saved.description, saved.status]).toEqual(['saved', 'DISABLED'])
    await call(directory, 'delete')
    await expect(call(await freshClient(), 'getDirectory', directory.href)).rejects.toMatchObject({ status: 404 })
  })

  test('REST-K1 REST-K3 creates an account, reads and saves it', async () => {
    const application = await newApplication()
    const account = await call(application, 'createAccount', person({ middleName: 'King' }))
    expect(account.fullName).toBe('Ada King Lovelace')
    account.givenName = 'Augusta'
    await call(account, 'save')
    const after = await call(await freshClient(), 'getAccount', account.href)
    expect(after.fullName).toBe('Augusta King Lovelace')
  })

  test('REST-K14 REST-N5 TRAP-T6 nested custom data is kept exactly, a field is removed', async () => {
    const customData = {
      text: 'Grüße',
      nested: { list: [1, 2.5, { deep: null }], yes: true },
      nothing: null,
      date: '2016-01-01T00:00:00.000Z',
    }
    const application = await newApplication()
    const account = await call(application, 'createAccount', person({ customData }))
    const read = await call(await freshClient(), 'getAccount', account.href, { expand: 'customData' })
    expect(JSON.parse(JSON.stringify(read.customData))).toMatchObject(customData)
    read.customData.added = [{ more: 1 }]
    read.customData.remove('text')
    await call(read, 'save')
    const other = await call(await freshClient(), 'getAccount', account.href)
    const data = await call(other, 'getCustomData')
    expect(data).not.toHaveProperty('text')
    expect(JSON.parse(JSON.stringify(data))).toMatchObject({
      nested: customData.nested,
      nothing: null,
      added: [{ more: 1 }],
    })
    data.remove('added')
    data.color = 'blue'
    await call(data, 'save')
    const after = await call(await call(await freshClient(), 'getAccount', account.href), 'getCustomData')
    expect(after).not.toHaveProperty('added')
    expect(after.color).toBe('blue')
  })

  test('REST-N6 removing the last field of custom data leaves it empty', async () => {
    const application = await newApplication()
    const account = await call(application, 'createAccount', person({ customData: { only: 1 } }))
    const data = await call(await call(await freshClient(), 'getAccount', account.href), 'getCustomData')
    data.remove('only')
    await new Promise((resolve) => data.save(resolve))
    const after = await call(await call(await freshClient(), 'getAccount', account.href), 'getCustomData')
    expect(Object.keys(after).toSorted()).toEqual(['createdAt', 'href', 'modifiedAt'])
  })

  test('REST-I1 REST-I3 REST-I4 creates groups and memberships', async () => {
    const application = await newApplication()
    const group = await call(application, 'createGroup', { name: unique('Admins'), description: 'they can' })
    const account = await call(application, 'createAccount', person())
    const other = await call(application, 'createAccount', person())
    await call(account, 'addToGroup', group)
    await call(group, 'addAccount', other)
    expect((await all(await call(account, 'getGroups'))).map(({ name }: Sdk) => name)).toEqual([group.name])
    const members = await all(await call(group, 'getAccounts'))
    expect(members.map(({ href }: Sdk) => href).toSorted()).toEqual([account.href, other.href].toSorted())
    const memberships = await all(await call(group, 'getAccountMemberships', { expand: 'account' }))
    expect(memberships.map(({ account: { email } }: Sdk) => email).toSorted()).toEqual(
      [account.email, other.email].toSorted(),
    )
    await call(memberships[0], 'delete')
    expect(await all(await call(group, 'getAccountMemberships'))).toHaveLength(1)
  })

  test('REST-C1 REST-C2 TRAP-T1 walks all pages of a collection', async () => {
    const directory = await newDirectory()
    const names = Array.from({ length: 30 }, (_, index) => `group ${String(index).padStart(3, '0')}`)
    for (const name of names) await call(directory, 'createGroup', { name })
    const found = await all(await call(directory, 'getGroups', { limit: 7, orderBy: 'name' }))
    expect(found.map(({ name }: Sdk) => name)).toEqual(names)
  })

  test('REST-C5 REST-C4 REST-C15 searches, sorts and expands', async () => {
    const application = await newApplication()
    for (const givenName of ['Bea', 'Ann', 'Cy']) {
      await call(application, 'createAccount', person({ givenName, surname: 'Finder', customData: { givenName } }))
    }
    const found = await call(application, 'getAccounts', {
      surname: 'FIND*',
      orderBy: 'givenName desc',
      expand: 'customData,directory',
      limit: 2,
    })
    expect(found.items.map(({ customData }: Sdk) => customData.givenName)).toEqual(['Cy', 'Bea'])
    expect(found.size).toBe(3)
    expect(found.items[0].directory.name).toBe(application.name)
    const byText = await call(application, 'getAccounts', { q: 'ann' })
    expect(byText.items.map(({ givenName }: Sdk) => givenName)).toEqual(['Ann'])
    const none = await call(application, 'getAccounts', { email: 'nobody@example.com' })
    expect(none.items).toEqual([])
  })

  test('REST-J1 REST-J5 creates organizations, maps stores to them and logs in through them', async () => {
    const [name, nameKey] = [unique('Organization'), unique('organization')]
    const organization = await call(client, 'createOrganization', { name, nameKey })
    const directory = await newDirectory()
    await call(organization, 'createAccountStoreMapping', { accountStore: directory })
    await call(organization, 'setDefaultAccountStore', directory)
    const other = await newDirectory()
    await call(organization, 'setDefaultGroupStore', other)
    const account = await call(organization, 'createAccount', person())
    expect(account.directory.href).toBe(directory.href)
    expect((await call(organization, 'createGroup', { name: 'Team' })).directory.href).toBe(other.href)
    const application = await newApplication()
    await call(application, 'addAccountStore', organization)
    const login = { username: account.email, password: PASSWORD, accountStore: { nameKey } }
    const result = await call(application, 'authenticateAccount', login)
    expect(result.account.href).toBe(account.href)
    const found = await call(client, 'getOrganizations', { nameKey })
    expect(found.items.map(({ href }: Sdk) => href)).toEqual([organization.href])
    organization.description = 'saved'
    expect((await call(organization, 'save')).description).toBe('saved')
  })

  test('REST-J1 TRAP-T16 is told that a nameKey is missing', async () => {
    const refusal = call(client, 'createOrganization', { name: unique('Organization') })
    await expect(refusal).rejects.toMatchObject({
      status: 400,
      code: 2000,
      developerMessage: 'Organization nameKey is required; it cannot be null, empty, or blank.',
    })
  })

  test('REST-L1 REST-L2 TRAP-T7 authenticates, the account expanded', async () => {
    const application = await newApplication()
    const { href, email } = await call(application, 'createAccount', person())
    const result = await call(application, 'authenticateAccount', { username: email.toUpperCase(), password: PASSWORD })
    expect(result.account.href).toBe(href)
    expect(result.account.email).toBe(email)
    expect((await call(result, 'getAccount')).href).toBe(href)
  })

  test('REST-L6 TRAP-T16 is told why an authentication failed', async () => {
    const application = await newApplication()
    const { email } = await call(application, 'createAccount', person())
    const wrong = call(application, 'authenticateAccount', { username: email, password: 'wrong' })
    await expect(wrong).rejects.toMatchObject({
      status: 400,
      code: 7100,
      userMessage: 'Invalid username or password.',
      developerMessage: 'Login attempt failed because the specified password is incorrect.',
    })
    const unknown = call(application, 'authenticateAccount', { username: 'nobody', password: PASSWORD })
    await expect(unknown).rejects.toMatchObject({ code: 7104, userMessage: 'Invalid username or password.' })
  })

  test('REST-G8 TRAP-T16 is told that a password is too short', async () => {
    const application = await newApplication()
    const refusal = call(application, 'createAccount', person({ password: 'Aa1' }))
    await expect(refusal).rejects.toMatchObject({
      code: 2007,
      userMessage: 'Account password minimum length not satisfied.',
    })
  })

  test('REST-G6 REST-G7 saves a password policy and its strength, which holds what it always held', async () => {
    const directory = await newDirectory()
    const policy = await call(directory, 'getPasswordPolicy')
    expect(policy).toMatchObject({ resetTokenTtl: 24, resetEmailStatus: 'ENABLED', resetSuccessEmailStatus: 'ENABLED' })
    policy.resetTokenTtl = 168
    await call(policy, 'save')
    expect((await call(directory, 'getPasswordPolicy')).resetTokenTtl).toBe(168)
    const strength = await call(policy, 'getStrength')
    expect(Object.keys(strength).filter((name) => /^(min|max|prevent)/.test(name))).toHaveLength(8)
    strength.minLength = 12
    await call(strength, 'save')
    const refusal = call(directory, 'createAccount', person({ password: 'Aa1-Bb2-Cc3' }))
    await expect(refusal).rejects.toMatchObject({ code: 2007 })
  })

  test('REST-G4 REST-G5 TRAP-T22 keeps addresses of a domain out', async () => {
    const directory = await newDirectory()
    const policy = await call(directory, 'getAccountCreationPolicy')
    expect(policy).toMatchObject({ verificationEmailStatus: 'DISABLED', welcomeEmailStatus: 'DISABLED' })
    policy.emailDomainBlacklist = ['*.bad.example']
    await call(policy, 'save')
    const refusal = call(directory, 'createAccount', person({ email: 'joe@very.bad.example' }))
    await expect(refusal).rejects.toMatchObject({ status: 400, code: 7205 })
  })

  test('REST-G13 requires names as the account schema says', async () => {
    const directory = await newDirectory()
    const schema = await call(directory, 'getAccountSchema', { expand: 'fields' })
    const fields = schema.fields.items
    expect(fields.map(({ name, required }: Sdk) => [name, required])).toEqual([
      ['givenName', true],
      ['surname', true],
    ])
    const refusal = call(directory, 'createAccount', person({ surname: undefined }))
    await expect(refusal).rejects.toMatchObject({
      status: 400,
      code: 2000,
      userMessage: 'Account surname is required; it cannot be null, empty, or blank.',
    })
    for (const field of fields) {
      const whole = await call(client, 'getResource', field.href)
      whole.required = false
      await call(whole, 'save')
    }
    await call(directory, 'createAccount', person({ givenName: undefined, surname: undefined }))
  })

  test('REST-K8 REST-K10 TRAP-T23 imports an account with a bcrypt hash', async () => {
    const application = await newApplication()
    const account = person({ password: bcrypt.hashSync('Imported 1', 4) })
    const { href, email } = await call(application, 'createAccount', account, { passwordFormat: 'mcf' })
    for (const _ of ['first log-in', 'after the hash was renewed']) {
      const result = await call(application, 'authenticateAccount', { username: email, password: 'Imported 1' })
      expect(result.account.href).toBe(href)
    }
    await expect(
      call(application, 'authenticateAccount', { username: email, password: 'Imported 2' }),
    ).rejects.toThrow()
  })

  test('REST-O1 REST-O4 TRAP-T9 creates an API key and decrypts its secret', async () => {
    const application = await newApplication()
    const account = await call(application, 'createAccount', person())
    const key = await call(account, 'createApiKey')
    const raw = await fetch(key.href, { headers: { authorization: service.authorization } })
    expect(key.secret).toBe(((await raw.json()) as Sdk).secret)
    const listed = await all(await call(account, 'getApiKeys'))
    expect(listed.map(({ secret }: Sdk) => secret)).toEqual([key.secret])
  })

  test('REST-O5 REST-E9 looks up an API key through the application and uses it', async () => {
    const application = await newApplication()
    const account = await call(application, 'createAccount', person())
    const { id, secret } = await call(account, 'createApiKey')
    const fresh = await call(await freshClient(), 'getApplication', application.href)
    const found = await call(fresh, 'getApiKey', id)
    expect([found.id, found.secret, found.account.email]).toEqual([id, secret, account.email])
    await expect(call(fresh, 'getApiKey', 'NOSUCHKEY0000000000000000')).rejects.toMatchObject({ status: 404 })
    const { href } = await newApplication()
    const other = await call(await freshClient(), 'getApplication', href)
    await expect(call(other, 'getApiKey', id)).rejects.toMatchObject({ status: 404 })
  })

  test('REST-O2 disables and deletes an API key', async () => {
    const application = await newApplication()
    const account = await call(application, 'createAccount', person())
    const key = await call(account, 'createApiKey')
    key.status = 'DISABLED'
    expect((await call(key, 'save')).status).toBe('DISABLED')
    await call(key, 'delete')
    expect((await call(account, 'getApiKeys')).items).toEqual([])
  })

  test('REST-F1 REST-F2 TRAP-T18 maps account stores and moves the defaults', async () => {
    const application = await call(client, 'createApplication', { name: unique('Application') })
    const [first, second] = [await newDirectory(), await newDirectory()]
    await call(application, 'addAccountStore', first)
    await call(application, 'createAccountStoreMapping', { accountStore: second, listIndex: 0 })
    await call(application, 'setDefaultAccountStore', first)
    await call(application, 'setDefaultGroupStore', second.href)
    const fresh = await call(await freshClient(), 'getApplication', application.href)
    expect((await call(fresh, 'getDefaultAccountStore')).accountStore.href).toBe(first.href)
    expect((await call(fresh, 'getDefaultGroupStore')).accountStore.href).toBe(second.href)
    const mappings = await all(await call(fresh, 'getAccountStoreMappings'))
    expect(mappings.map(({ accountStore: { href } }: Sdk) => href)).toEqual([second.href, first.href])
    const third = await newDirectory()
    await call(application, 'setDefaultAccountStore', third)
    expect((await call(application, 'createAccount', person())).directory.href).toBe(third.href)
    await call(mappings[0], 'delete')
    expect(await all(await call(application, 'getAccountStoreMappings'))).toHaveLength(2)
  })

  test('REST-A4 deletes what it created', async () => {
    const application = await newApplication()
    const account = await call(application, 'createAccount', person())
    const group = await call(application, 'createGroup', { name: unique('Group') })
    const fresh = await freshClient()
    for (const [resource, getter] of [
      [account, 'getAccount'],
      [group, 'getGroup'],
      [application, 'getApplication'],
    ]) {
      await call(resource, 'delete')
      await expect(call(fresh, getter, resource.href)).rejects.toMatchObject({ status: 404 })
    }
  })

  test('REST-B5 TRAP-T26 is told that its key is wrong', async () => {
    const { id } = await readKey(join(service.data, 'apiKey.properties'))
    const stranger = await openClient(`${service.url}/v1`, { id, secret: 'wrong' })
    await expect(call(stranger, 'getCurrentTenant')).rejects.toMatchObject({ status: 401, code: 401 })
  })

  test('REST-D4 reads accounts and groups of the whole tenant', async () => {
    const application = await newApplication()
    const { email } = await call(application, 'createAccount', person())
    const { name } = await call(application, 'createGroup', { name: unique('Group') })
    expect((await call(client, 'getAccounts', { email })).items).toHaveLength(1)
    expect((await call(client, 'getGroups', { name })).items).toHaveLength(1)
  })
})

describe('The Express integration at its start', () => {
  /** The steps of its configuration loader that the SDK's own dependency holds. */
  const step = (strategy: Sdk, name: string, ...args: unknown[]) => call(strategy, name, ...args)

  test('REST-D1 finds the only application besides Stormpath by itself', async () => {
    await using fresh = await disposable(await startService({ args: ['--preset', 'stormpath'] }))
    const own = await openClient(
      `${fresh.service.url}/v1`,
      await readKey(join(fresh.service.data, 'apiKey.properties')),
    )
    const config: Sdk = {}
    const loader = new strategies.EnrichClientFromRemoteConfigStrategy(() => own)
    await step(loader, 'process', config)
    expect(config.application.name).toBe('My Application')
  })

  test('REST-C5 finds its application by name and by href', async () => {
    const { name, href } = await newApplication()
    for (const application of [{ name }, { href }]) {
      const config: Sdk = { application }
      await step(new strategies.EnrichClientFromRemoteConfigStrategy(() => client), 'process', config)
      expect(config.application.href).toBe(href)
    }
    const wrong = step(new strategies.EnrichClientFromRemoteConfigStrategy(() => client), 'process', {
      application: { href: `${service.url}/v1/applications/nothing` },
    })
    await expect(wrong).rejects.toThrow(/application/i)
  })

  test('REST-C18 REST-G3 REST-G7 reads mapped stores, their provider and their password rules', async () => {
    const application = await newApplication()
    const loader = new strategies.EnrichIntegrationFromRemoteConfigStrategy(() => client)
    const config: Sdk = { application, web: { register: { enabled: true } } }
    await step(loader, '_validateAccountStore', config, application)
    await step(loader, '_enrichWithSocialProviders', config, application)
    expect(config.web.social).toEqual({})
    const href = await step(loader, '_resolveDirectoryHref', application)
    const directory = await call(client, 'getDirectory', href, { expand: 'passwordPolicy' })
    const policy = await call(directory, 'getPasswordPolicy', { expand: 'strength' })
    const strength = await call(policy, 'getStrength')
    expect(strength).toMatchObject({
      minLength: 8,
      maxLength: 100,
      minLowerCase: 1,
      minUpperCase: 1,
      minNumeric: 1,
      minSymbol: 0,
    })
  })

  test('REST-C20 reads the mappings with their stores expanded', async () => {
    const application = await newApplication()
    const { items } = await call(application, 'getAccountStoreMappings', { expand: 'accountStore' })
    expect(items[0].accountStore.name).toBe(application.name)
    const directory = await call(items[0], 'getAccountStore')
    const provider = await call(directory, 'getProvider')
    expect(provider.providerId).toBe('stormpath')
  })
})

async function disposable(running: RunningService) {
  return { service: running, [Symbol.asyncDispose]: () => running.kill() }
}
