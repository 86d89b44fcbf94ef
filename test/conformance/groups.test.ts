import { expect, test } from 'vitest'
import {
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  hrefsOf,
  type Json,
  link,
  PASSWORD,
  unique,
} from './harness.ts'

describeConformance('Groups and memberships', (service) => {
  test('REST-I1 a group is created in a directory', async () => {
    const directory = await service().newDirectory()
    const name = unique('Group')
    const group = await service().create(directory.groups.href, { name })
    expect(group).toMatchObject({
      name,
      description: null,
      status: 'ENABLED',
      directory: link(directory),
      tenant: link(service().tenant),
    })
    for (const collection of ['accounts', 'accountMemberships', 'applications', 'customData']) {
      expect(group[collection]).toEqual({ href: `${group.href}/${collection}` })
    }
  })

  test('REST-I1 a group is created through an application or an organization in its default group store', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    expect((await service().newGroup(application)).directory).toEqual(link(directory))
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory, { isDefaultGroupStore: true })
    expect((await service().newGroup(organization)).directory).toEqual(link(directory))
  })

  test('REST-I1 a name is taken once in a directory, whatever its case, and is free in another', async () => {
    const [directory, other] = [await service().newDirectory(), await service().newDirectory()]
    await service().newGroup(directory, { name: 'Admins' })
    expectError(await service().post(directory.groups.href, { name: 'Admins' }), 409, 2001)
    expectError(await service().post(directory.groups.href, { name: 'aDMINS' }), 409, 2001)
    await service().newGroup(other, { name: 'Admins' })
    const second = await service().newGroup(directory)
    expectError(await service().post(second.href, { name: 'admins' }), 409, 2001)
  })

  test('REST-I1 a group may be created disabled and with a description', async () => {
    const values = { description: 'words', status: 'disabled' }
    expect(await service().newGroup(await service().newDirectory(), values)).toMatchObject({
      description: 'words',
      status: 'DISABLED',
    })
  })

  test('REST-I1 the text for a missing name', async () => {
    const { groups } = await service().newDirectory()
    const text = 'Group name is required; it cannot be null, empty, or blank.'
    expectError(await service().post(groups.href, { description: 'x' }), 400, 2000, { developerMessage: text })
  })

  test('REST-I2 a group is changed', async () => {
    const { href } = await service().newGroup(await service().newDirectory())
    const values = { name: unique('Renamed'), description: 'words', status: 'DISABLED' }
    expect(await service().update(href, values)).toMatchObject(values)
  })

  test('REST-I2 the accounts of a deleted group survive, its memberships and mappings do not', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    const membership = await service().newMembership(account, group)
    const mapping = await service().newMapping(await service().newApplication(), group)
    await service().remove(group.href)
    expectNotFound(await service().get(group.href))
    expectNotFound(await service().get(membership.href))
    expectNotFound(await service().get(mapping.href))
    expect(await service().read(account.href)).toEqual(account)
    expect((await service().read(account.groups.href)).size).toBe(0)
  })

  test('REST-I3 a membership joins an account and a group', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    const membership = await service().newMembership(account, group)
    expect(membership).toMatchObject({ account: link(account), group: link(group) })
    expect(await service().read(membership.href)).toEqual(membership)
    expectError(await service().post(membership.href, { group: link(group) }), 405, 1100)
  })

  test('REST-I3 account and group must share their directory', async () => {
    const account = await service().newAccount(await service().newDirectory())
    const group = await service().newGroup(await service().newDirectory())
    expectError(await service().post('/groupMemberships', { account: link(account), group: link(group) }), 400, 2014)
  })

  test('REST-I3 an account joins a group once', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    await service().newMembership(account, group)
    expectError(await service().post('/groupMemberships', { account: link(account), group: link(group) }), 409, 2001)
  })

  test('REST-I3 account and group are required and must exist', async () => {
    const directory = await service().newDirectory()
    const account = link(await service().newAccount(directory))
    const group = link(await service().newGroup(directory))
    expectError(await service().post('/groupMemberships', { account }), 400, 2000)
    expectError(await service().post('/groupMemberships', { group }), 400, 2000)
    const unknown = { href: `${service().baseUrl}/accounts/1234567890abcdefghij` }
    expectError(await service().post('/groupMemberships', { account: unknown, group }), 400, 2014)
  })

  test('REST-I3 the account of another tenant cannot join', async () => {
    const stranger = await service().secondTenant()
    const theirs = await stranger.newAccount(await stranger.newDirectory())
    const group = await service().newGroup(await service().newDirectory())
    expectError(await service().post('/groupMemberships', { account: link(theirs), group: link(group) }), 400, 2014)
  })

  test('REST-I4 memberships are listed from both sides, expanded on request', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    const membership = await service().newMembership(account, group)
    const ofAccount = await service().read(`${account.groupMemberships.href}?expand=group`)
    expect(ofAccount.items).toEqual([{ ...membership, group }])
    const ofGroup = await service().read(`${group.accountMemberships.href}?expand=account`)
    expect(ofGroup.items).toEqual([{ ...membership, account }])
    expect((await service().read(group.accountMemberships.href)).items).toEqual([membership])
  })

  test("REST-I5 a group's accounts are listed and searched", async () => {
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const accounts: Json[] = []
    for (const surname of ['Hopper', 'Hamilton', 'Lovelace'])
      accounts.push(await service().newAccount(directory, { surname }))
    for (const account of accounts.slice(0, 2)) await service().newMembership(account, group)
    expect(await service().read(group.accounts.href)).toMatchObject({ size: 2, items: accounts.slice(0, 2) })
    expect(hrefsOf(await service().read(`${group.accounts.href}?surname=ham*`))).toEqual([accounts[1].href])
    expect(hrefsOf(await service().read(`${group.accounts.href}?orderBy=surname`))).toEqual([
      accounts[1].href,
      accounts[0].href,
    ])
    expect((await service().read(`${group.accounts.href}?surname=lovelace`)).size).toBe(0)
  })

  test("REST-I5 a group's applications are those that map it or its directory", async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const group = await service().newGroup(directory)
    const other = await service().newApplication()
    await service().newMapping(other, group)
    await service().newApplicationWithDirectory()
    expect(hrefsOf(await service().read(group.applications.href)).toSorted()).toEqual(
      [application.href, other.href].toSorted(),
    )
    expect(hrefsOf(await service().read(`${group.applications.href}?name=${other.name}`))).toEqual([other.href])
  })

  test('REST-I6 a membership is deleted, account and group stay', async () => {
    const directory = await service().newDirectory()
    const [account, group] = [await service().newAccount(directory), await service().newGroup(directory)]
    const membership = await service().newMembership(account, group)
    await service().remove(membership.href)
    expectNotFound(await service().get(membership.href))
    for (const { href } of [account, group]) expectStatus(await service().get(href), 200)
    expect((await service().read(account.groups.href)).size).toBe(0)
    expect((await service().read(group.accounts.href)).size).toBe(0)
    await service().newMembership(account, group)
  })

  test('REST-I7 a disabled group as store lets nobody log in', async () => {
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    const application = await service().newApplication()
    await service().newMapping(application, group)
    const account = await service().newAccount(directory)
    await service().newMembership(account, group)
    expectStatus(await service().login(application, account.email, PASSWORD), 200)
    await service().update(group.href, { status: 'DISABLED' })
    expectError(await service().login(application, account.email, PASSWORD), 400, 7105)
  })
})
