import { expect, test } from 'vitest'
import {
  describeConformance,
  expectError,
  expectStatus,
  hrefsOf,
  type Json,
  namesOf,
  type Service,
  unique,
} from './harness.ts'

describeConformance('Collections', (service) => {
  test('REST-C1 a collection starts with offset 0 and limit 25', async () => {
    const directory = await withGroups(service(), 26)
    const page = await service().read(directory.groups.href)
    expect(page).toMatchObject({ href: directory.groups.href, offset: 0, limit: 25, size: 26 })
    expect(page.items).toHaveLength(25)
  })

  test('REST-C1 TRAP-T1 at most 100 items are given, and the effective limit is told', async () => {
    const directory = await withGroups(service(), 101)
    const page = await service().read(`${directory.groups.href}?limit=1000`)
    expect(page).toMatchObject({ offset: 0, limit: 100, size: 101 })
    expect(page.items).toHaveLength(100)
    const rest = await service().read(`${directory.groups.href}?limit=100&offset=100`)
    expect(rest).toMatchObject({ offset: 100, limit: 100, size: 101 })
    expect(rest.items).toHaveLength(1)
  })

  test('REST-C1 TRAP-T1 past the end there are no items, and size and offset are still told', async () => {
    const directory = await withGroups(service(), 2)
    const page = await service().read(`${directory.groups.href}?offset=50&limit=10`)
    expect(page).toMatchObject({ offset: 50, limit: 10, size: 2, items: [] })
  })

  test('REST-C1 the pages are disjoint, complete and in creation order', async () => {
    const directory = await service().newDirectory()
    const hrefs = []
    for (let index = 0; index < 7; index++) hrefs.push((await service().newGroup(directory)).href)
    const pages = []
    for (let offset = 0; offset < 7; offset += 3) {
      pages.push(...hrefsOf(await service().read(`${directory.groups.href}?offset=${offset}&limit=3`)))
    }
    expect(pages).toEqual(hrefs)
  })

  test.each(['limit=x', 'limit=', 'offset=x', 'offset=-1', 'offset=1.5', 'limit=1e2', 'offset=0x10'])(
    'REST-C1 the paging %s is refused',
    async (query) => {
      const answer = await service().get(`/directories?${query}`)
      expect([2101, 2103]).toContain(answer.body.code)
      expectError(answer, 400, answer.body.code)
    },
  )

  test('REST-C1 an offset beyond any number of items is past the end', async () => {
    expect((await service().read('/directories?offset=9007199254740991')).items).toEqual([])
  })

  test('REST-C2 TRAP-T1 size counts all matches, not those on the page', async () => {
    const directory = await withGroups(service(), 5)
    const page = await service().read(`${directory.groups.href}?limit=2`)
    expect(page.size).toBe(5)
    expect(page.items).toHaveLength(2)
  })

  test('REST-C2 size counts what a filter leaves', async () => {
    const directory = await withGroups(service(), 5)
    await service().newGroup(directory, { name: 'the other' })
    expect((await service().read(`${directory.groups.href}?name=the*&limit=1`)).size).toBe(1)
  })

  test('REST-C2 an empty collection is a collection', async () => {
    const { groups } = await service().newDirectory()
    expect(await service().read(groups.href)).toMatchObject({ offset: 0, limit: 25, size: 0, items: [] })
  })

  test('TRAP-T1 the href of a collection never has a query string', async () => {
    const { groups } = await service().newDirectory()
    const page = await service().read(`${groups.href}?limit=3&offset=1&orderBy=name&q=x`)
    expect(page.href).toBe(groups.href)
  })

  test('REST-C3 items are complete resources', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory, { customData: { a: 1 } })
    const group = await service().newGroup(directory)
    await service().newMembership(account, group)
    for (const collection of [
      directory.accounts,
      directory.groups,
      application.accounts,
      application.accountStoreMappings,
      account.groupMemberships,
      account.groups,
      group.accounts,
      account.applications,
      service().tenant.directories,
    ]) {
      const { items } = await service().read(`${collection.href}?limit=100`)
      expect(items.length).toBeGreaterThan(0)
      for (const item of items) expect(item).toEqual(await service().read(item.href))
    }
  })
})

describeConformance('Sorting', (service) => {
  test('REST-C15 orderBy sorts ascending by default and descending on request', async () => {
    const directory = await service().newDirectory()
    for (const name of ['bravo', 'Alpha', 'charlie']) await service().newGroup(directory, { name })
    const order = async (orderBy: string) =>
      namesOf(await service().read(`${directory.groups.href}?orderBy=${encodeURIComponent(orderBy)}`))
    expect(await order('name')).toEqual(['Alpha', 'bravo', 'charlie'])
    expect(await order('name asc')).toEqual(['Alpha', 'bravo', 'charlie'])
    expect(await order('name desc')).toEqual(['charlie', 'bravo', 'Alpha'])
  })

  test('REST-C15 several attributes are applied in turn, each with its own direction', async () => {
    const directory = await service().newDirectory()
    for (const [givenName, surname] of [
      ['Ada', 'B'],
      ['Cy', 'A'],
      ['Bea', 'B'],
      ['Dan', 'A'],
    ]) {
      await service().newAccount(directory, { givenName, surname })
    }
    const { items } = await service().read(`${directory.accounts.href}?orderBy=surname,givenName%20desc`)
    expect(items.map(({ givenName }: Json) => givenName)).toEqual(['Dan', 'Cy', 'Bea', 'Ada'])
  })

  test.each(['email', 'givenName', 'middleName', 'surname', 'username', 'status', 'createdAt', 'modifiedAt'])(
    'REST-C15 accounts can be sorted by %s',
    async (attribute) => {
      const directory = await service().newDirectory()
      const values = ['c', 'a', 'b'].map((letter) => ({
        email: `${letter}@example.com`,
        username: `${letter}-user`,
        givenName: letter,
        middleName: letter,
        surname: letter,
        status: { a: 'DISABLED', b: 'ENABLED', c: 'UNVERIFIED' }[letter],
      }))
      const order: Json = { createdAt: ['c', 'a', 'b'], modifiedAt: ['c', 'a', 'b'] }
      for (const value of values) {
        await service().newAccount(directory, value)
        service().clock.advance(10)
      }
      const sorted = async (direction: string) => {
        const { items } = await service().read(`${directory.accounts.href}?orderBy=${attribute}%20${direction}`)
        return items.map(({ givenName }: Json) => givenName)
      }
      const expected = order[attribute] ?? ['a', 'b', 'c']
      expect(await sorted('asc')).toEqual(expected)
      expect(await sorted('desc')).toEqual(expected.toReversed())
    },
  )

  test.each(['applications', 'directories', 'groups', 'organizations'])(
    'REST-C15 %s can be sorted by name, description, status and times',
    async (collection) => {
      for (const attribute of ['name', 'description', 'status', 'createdAt', 'modifiedAt']) {
        expectStatus(await service().get(`${service().tenant[collection].href}?orderBy=${attribute}`), 200)
      }
    },
  )

  test('REST-C15 pages of a sorted collection are disjoint and complete', async () => {
    const directory = await service().newDirectory()
    for (const surname of ['A', 'A', 'A', 'A', 'B']) await service().newAccount(directory, { surname })
    const seen = []
    for (let offset = 0; offset < 5; offset += 2) {
      seen.push(
        ...hrefsOf(await service().read(`${directory.accounts.href}?orderBy=surname%20desc&offset=${offset}&limit=2`)),
      )
    }
    expect(new Set(seen).size).toBe(5)
  })

  test('REST-C16 accounts can be sorted by custom data', async () => {
    const directory = await service().newDirectory()
    for (const [givenName, rank] of [
      ['two', 2],
      ['ten', 10],
      ['one', 1],
    ]) {
      await service().newAccount(directory, { givenName, customData: { rank, team: { name: `team ${givenName}` } } })
    }
    const order = async (orderBy: string) => {
      const { items } = await service().read(`${directory.accounts.href}?orderBy=${encodeURIComponent(orderBy)}`)
      return items.map(({ givenName }: Json) => givenName)
    }
    expect(await order('customData.rank')).toEqual(['one', 'two', 'ten'])
    expect(await order('customData.rank desc')).toEqual(['ten', 'two', 'one'])
    expect(await order('customData.team.name')).toEqual(['one', 'ten', 'two'])
  })

  test.each(['name sideways', 'name asc asc', ',', 'name,', ' ', 'desc name'])(
    'REST-C17 the ordering %j is malformed',
    async (orderBy) => {
      const answer = await service().get(`/directories?orderBy=${encodeURIComponent(orderBy)}`)
      expectError(answer, 400, 2104)
    },
  )

  test.each(['unheardOf', 'href', 'customData', 'tenant', 'accounts', 'password', 'name.x'])(
    'REST-C17 a collection cannot be sorted by %s',
    async (attribute) => {
      expectError(await service().get(`/directories?orderBy=${attribute}`), 400, 2106)
    },
  )

  test('REST-C17 accounts cannot be sorted by their password', async () => {
    const directory = await service().newDirectory()
    expectError(await service().get(`${directory.accounts.href}?orderBy=password`), 400, 2106)
  })

  test.each(['unheardOf=1', 'href=x', 'tenant=x', 'nocache=true', 'password=x', 'customData.a=1', '__proto__=1'])(
    'REST-C17 the parameter %s cannot be queried in a collection',
    async (query) => {
      expectError(await service().get(`/directories?${query}`), 400, 2105)
    },
  )

  test('REST-C17 accounts cannot be searched by their password', async () => {
    const directory = await service().newDirectory()
    expectError(await service().get(`${directory.accounts.href}?password=*`), 400, 2105)
  })

  test('REST-C17 a parameter given twice with different values is refused', async () => {
    expectError(await service().get('/directories?name=a&name=b'), 400, 2102)
    expectError(await service().get('/directories?limit=1&limit=2'), 400, 2102)
  })

  test('REST-C23 mappings can be searched and sorted', async () => {
    const application = await service().newApplication()
    const hrefs = []
    for (let index = 0; index < 3; index++) {
      const mapping = await service().newMapping(application, await service().newDirectory(), {
        isDefaultAccountStore: index === 1,
      })
      hrefs.push(mapping.href)
    }
    const mappings = async (query: string) =>
      hrefsOf(await service().read(`${application.accountStoreMappings.href}?${query}`))
    expect(await mappings('listIndex=2')).toEqual([hrefs[2]])
    expect(await mappings('isDefaultAccountStore=true')).toEqual([hrefs[1]])
    expect(await mappings('orderBy=listIndex')).toEqual(hrefs)
    expect(await mappings('orderBy=listIndex%20desc')).toEqual(hrefs.toReversed())
  })

  test('REST-C23 mappings of organizations can be searched and sorted', async () => {
    const organization = await service().newOrganization()
    const first = await service().newOrganizationMapping(organization, await service().newDirectory())
    const second = await service().newOrganizationMapping(organization, await service().newDirectory(), {
      isDefaultGroupStore: true,
    })
    const { href } = organization.accountStoreMappings
    expect(hrefsOf(await service().read(`${href}?listIndex=0`))).toEqual([first.href])
    expect(hrefsOf(await service().read(`${href}?isDefaultGroupStore=true`))).toEqual([second.href])
    expect(hrefsOf(await service().read(`${href}?orderBy=listIndex%20desc`))).toEqual([second.href, first.href])
  })
})

async function withGroups(service: Service, count: number): Promise<Json> {
  const directory = await service.newDirectory()
  await Promise.all(Array.from({ length: count }, () => service.newGroup(directory, { name: unique('Group') })))
  return directory
}
