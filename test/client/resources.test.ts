import { describe, expect, it } from 'vitest'
import { exactNumber, numberText } from '../../src/client/numbers.ts'
import { account, base, json, scripted } from './scripted.ts'

const directory = {
  href: `${base}/directories/D`,
  name: 'People',
  accounts: { href: `${base}/directories/D/accounts` },
}

describe('resources', () => {
  it('are data with links', async () => {
    const { client, requests } = scripted([json(account('a')), json(directory)])
    const joe = await client.accounts.get('a')
    expect(joe).toMatchObject({
      id: 'a',
      collection: 'accounts',
      email: 'a@example.com',
      status: 'ENABLED',
      givenName: null,
    })
    expect(joe.directory).toMatchObject({ href: directory.href, id: 'D', collection: 'directories' })
    expect((await joe.directory.get()).name).toBe('People')
    expect(requests[1]?.url).toBe(directory.href)
  })

  it('turn into JSON that holds their data and addresses, no credentials', async () => {
    const { client } = scripted([json(account('a'))])
    expect(JSON.parse(JSON.stringify(await client.accounts.get('a')))).toEqual({ ...account('a'), id: 'a' })
  })

  it('do not change', async () => {
    const { client } = scripted([json(account('a')), json(account('a', { givenName: 'Ada' }))])
    const before = await client.accounts.get('a')
    const after = await before.update({ givenName: 'Ada' })
    expect([before.givenName, after.givenName]).toEqual([null, 'Ada'])
    expect(() => Object.assign(before, { email: 'x' })).toThrow(TypeError)
  })

  it('are read again, changed and deleted at their own address', async () => {
    const { client, requests } = scripted([
      json(account('a')),
      json(account('a')),
      json(account('a')),
      new Response(null, { status: 204 }),
    ])
    const joe = await client.accounts.get('a')
    await joe.refresh({ expand: ['directory'] })
    await joe.update({ surname: null })
    await joe.delete()
    expect(requests.slice(1)).toMatchObject([
      { method: 'GET', url: `${base}/accounts/a?expand=directory` },
      { method: 'POST', url: `${base}/accounts/a`, body: '{"surname":null}' },
      { method: 'DELETE', url: `${base}/accounts/a` },
    ])
  })

  it('carry what was read along', async () => {
    const groups = {
      href: `${base}/accounts/a/groups`,
      offset: 0,
      limit: 2,
      size: 9,
      items: [{ href: `${base}/groups/g`, name: 'Crew' }],
    }
    const { client, requests } = scripted([json(account('a', { directory, groups })), json({ ...groups, items: [] })])
    const joe = await client.accounts.get('a', { expand: ['directory', 'groups(limit:2)'] })
    expect(joe.directory.name).toBe('People')
    expect(joe.directory.accounts.href).toBe(directory.accounts.href)
    expect(joe.groups).toMatchObject({ offset: 0, limit: 2, size: 9 })
    expect(joe.groups.items[0]).toMatchObject({ id: 'g', name: 'Crew' })
    await joe.groups.list().toArray()
    expect(requests[1]?.url).toBe(`${groups.href}?offset=0&limit=100`)
  })

  it('keep null links null and unusual names harmless', async () => {
    const text = `{"href":"${base}/applications/A","name":"x","defaultAccountStoreMapping":null,"__proto__":{"admin":true},"get":"attribute"}`
    const { client } = scripted([json(text)])
    const application = await client.applications.get('A')
    expect(application.defaultAccountStoreMapping).toBeNull()
    expect('admin' in application).toBe(false)
    expect(Object.getOwnPropertyDescriptor(application, 'get')?.value).toBe('attribute')
  })
})

describe('custom data', () => {
  const digits = '1234567890'.repeat(10)
  const text = `{"href":"${base}/accounts/a/customData","createdAt":"t","modifiedAt":"t","long":-9223372036854775808,"huge":${digits},"price":0.00,"plain":7,"link":{"href":"x"}}`

  const own = (data: object) => ({ href: `${base}/accounts/a/customData`, createdAt: 't', modifiedAt: 't', ...data })

  it('is read, set and deleted member by member', async () => {
    const { client, requests } = scripted<{ account: { plan: string; seats: number } }>([
      json(account('a')),
      json(own({ plan: 'pro', seats: 3 })),
      json(own({ plan: 'pro', seats: 4 })),
      new Response(null, { status: 204 }),
    ])
    const { customData } = await client.accounts.get('a')
    expect(await customData.get()).toEqual({ plan: 'pro', seats: 3 })
    expect(await customData.set({ seats: 4 })).toEqual({ plan: 'pro', seats: 4 })
    await customData.delete('plan')
    await customData.delete()
    const { href } = customData
    expect(requests.slice(1)).toMatchObject([
      { method: 'GET', url: href },
      { method: 'POST', url: href, body: '{"seats":4}' },
      { method: 'DELETE', url: `${href}/plan` },
      { method: 'DELETE', url: href },
    ])
  })

  it('keeps every digit of a number there and back', async () => {
    const { client, requests } = scripted([json(account('a', {})).clone(), json(text), json(text)])
    const { customData } = await client.accounts.get('a')
    const data = await customData.get()
    expect([data.long, data.huge, data.price, data.plain].map(numberText)).toEqual([
      '-9223372036854775808',
      digits,
      '0.00',
      '7',
    ])
    expect(data.plain).toBe(7)
    await customData.set(data)
    expect(requests[2]?.body).toBe(
      `{"long":-9223372036854775808,"huge":${digits},"price":0.00,"plain":7,"link":{"href":"x"}}`,
    )
  })

  it('takes bigints and numbers written as text', async () => {
    const { client, requests } = scripted([json(account('a')), json(own({}))])
    const { customData } = await client.accounts.get('a')
    await customData.set({ big: 2n ** 63n, small: 5n, price: exactNumber('1250.00'), list: [1n] })
    expect(requests[1]?.body).toBe('{"big":9223372036854775808,"small":5,"price":1250.00,"list":[1]}')
    expect(exactNumber('12')).toBe(12)
    for (const wrong of ['', '1,5', '"1"', 'true', '01', '1 2', 'NaN'])
      expect(() => exactNumber(wrong)).toThrow(TypeError)
  })

  it('is data when it was read along, and nothing in it is taken for a link', async () => {
    const { client } = scripted([
      json(JSON.stringify(account('a')).replace(/"customData":\{[^}]*\}/, `"customData":${text}`)),
    ])
    const { customData } = await client.accounts.get('a', { expand: ['customData'] })
    expect(Object.keys(customData.data)).toEqual(['long', 'huge', 'price', 'plain', 'link'])
    expect(customData.data.link).toEqual({ href: 'x' })
  })

  it('is embedded as it is in a draft', async () => {
    const { client, requests } = scripted([
      json({ href: `${base}/directories/D`, accounts: { href: `${base}/directories/D/accounts` } }),
      json(account('a'), 201),
    ])
    const { accounts } = await client.directories.get('D')
    await accounts.create({
      email: 'a@example.com',
      password: 'x',
      customData: { href: 'mine', n: exactNumber('1.0') },
    })
    expect(requests[1]?.body).toBe('{"email":"a@example.com","password":"x","customData":{"href":"mine","n":1.0}}')
  })
})
