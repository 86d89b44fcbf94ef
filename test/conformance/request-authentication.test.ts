import { expect, test } from 'vitest'
import {
  type Client,
  describeConformance,
  expectError,
  expectStatus,
  type Json,
  link,
  type Service,
} from './harness.ts'

describeConformance('Authentication of requests', (service) => {
  test('REST-B1 an administrator key opens the API by HTTP Basic', async () => {
    const answer = await service().get('/tenants/current')
    expectStatus(answer, 302)
    expect(answer.headers.get('location')).toBe(service().tenant.href)
  })

  test('REST-B1 the scheme is understood in any case', async () => {
    const { id, secret } = service().key
    const authorization = `bAsIc ${btoa(`${id}:${secret}`)}`
    expectStatus(await service().get(service().tenant.href, { auth: null, headers: { authorization } }), 200)
  })

  test('REST-B5 no credentials are refused', async () => {
    expectError(await service().get(service().tenant.href, { auth: null }), 401, 401)
    expectError(await service().post('/applications', { name: 'x' }, { auth: null }), 401, 401)
    expectError(await service().delete('/applications/x', { auth: null }), 401, 401)
  })

  test('REST-B5 a wrong secret and an unknown key are refused alike', async () => {
    const { id, secret } = service().key
    const wrong = await service().get(service().tenant.href, { auth: { id, secret: `${secret}x` } })
    const unknown = await service().get(service().tenant.href, { auth: { id: 'NOSUCHKEY0000000000000000', secret } })
    expectError(wrong, 401, 401)
    expectError(unknown, 401, 401)
    const { requestId: _, ...told } = wrong.body
    const { requestId: __, ...toldToo } = unknown.body
    expect(told).toEqual(toldToo)
  })

  test.each([
    'Basic',
    'Basic ',
    'Basic !!!',
    `Basic ${btoa('no colon')}`,
    `Basic ${btoa(':')}`,
    'Bearer abc',
    'Digest username="x"',
    'nonsense',
    `Basic ${btoa('\u0000:\u0000')}`,
  ])('REST-B5 the header %j is refused', async (authorization) => {
    expectError(await service().get(service().tenant.href, { auth: null, headers: { authorization } }), 401, 401)
  })

  test('REST-B5 credentials in the query string are not credentials', async () => {
    const { id, secret } = service().key
    const answer = await service().get(`${service().tenant.href}?apiKeyId=${id}&apiKeySecret=${secret}`, { auth: null })
    expectError(answer, 401, 401)
  })

  test('REST-B6 a disabled key is refused until it is enabled again', async () => {
    const key = await service().newApiKey(await administrator(service()))
    expectStatus(await asking(key), 200)
    await service().update(key.href, { status: 'DISABLED' })
    expectError(await asking(key), 401, 401)
    await service().update(key.href, { status: 'ENABLED' })
    expectStatus(await asking(key), 200)
  })

  test('REST-B6 a deleted key is refused', async () => {
    const key = await service().newApiKey(await administrator(service()))
    await service().remove(key.href)
    expectError(await asking(key), 401, 401)
  })

  test('REST-B6 the key of a disabled owner is refused', async () => {
    const account = await administrator(service())
    const key = await service().newApiKey(account)
    await service().update(account.href, { status: 'DISABLED' })
    expectError(await asking(key), 401, 401)
    await service().update(account.href, { status: 'ENABLED' })
    expectStatus(await asking(key), 200)
  })

  test('REST-B6 the key of a deleted owner is refused', async () => {
    const account = await administrator(service())
    const key = await service().newApiKey(account)
    await service().remove(account.href)
    expectError(await asking(key), 401, 401)
  })

  test('REST-B7 the key of an ordinary account does not open the administrative API', async () => {
    const { directory } = await service().newApplicationWithDirectory()
    const key = await service().newApiKey(await service().newAccount(directory))
    const stranger = service().as(key)
    expectError(await stranger.get('/tenants/current'), 401, 401)
    expectError(await stranger.get(directory.href), 401, 401)
    expectError(await stranger.post('/applications', { name: 'x' }), 401, 401)
  })

  test('REST-B8 accounts of a directory mapped to the Stormpath application are administrators', async () => {
    const directory = await service().newDirectory()
    const key = await service().newApiKey(await service().newAccount(directory))
    expectError(await asking(key), 401, 401)
    const mapping = await service().newMapping(await consoleApplication(service()), directory)
    expectStatus(await asking(key), 200)
    await service().update(directory.href, { status: 'DISABLED' })
    expectError(await asking(key), 401, 401)
    await service().update(directory.href, { status: 'ENABLED' })
    await service().remove(mapping.href)
    expectError(await asking(key), 401, 401)
  })

  test('REST-B8 of a group mapped to the Stormpath application only the members are administrators', async () => {
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const member = await service().newAccount(directory)
    await service().newMembership(member, group)
    const keyOfMember = await service().newApiKey(member)
    const keyOfOther = await service().newApiKey(await service().newAccount(directory))
    await service().newMapping(await consoleApplication(service()), group)
    expectStatus(await asking(keyOfMember), 200)
    expectError(await asking(keyOfOther), 401, 401)
    await service().update(group.href, { status: 'DISABLED' })
    expectError(await asking(keyOfMember), 401, 401)
  })

  test('REST-B8 accounts of an organization mapped to the Stormpath application are administrators', async () => {
    const directory = await service().newDirectory()
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    const key = await service().newApiKey(await service().newAccount(directory))
    await service().newMapping(await consoleApplication(service()), organization)
    expectStatus(await asking(key), 200)
    await service().update(organization.href, { status: 'DISABLED' })
    expectError(await asking(key), 401, 401)
  })

  test('REST-B8 an administrator of one tenant is a stranger in another', async () => {
    const stranger = await service().secondTenant()
    expect(stranger.tenant.href).not.toBe(service().tenant.href)
    expectError(await stranger.get(service().tenant.href), 404, 404)
  })

  const asking = (key: Json) => service().as({ id: key.id, secret: key.secret }).get(service().tenant.href)
})

async function administrator(client: Service): Promise<Json> {
  const { items } = await client.read('/directories?name=Stormpath%20Administrators')
  return client.newAccount(items[0])
}

async function consoleApplication(client: Client): Promise<{ href: string }> {
  const { items } = await client.read('/applications?name=Stormpath')
  return link(items[0])
}
