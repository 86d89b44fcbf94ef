import { expect, test } from 'vitest'
import {
  type Body,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  idOf,
  type Json,
  link,
  PASSWORD,
  unique,
} from './harness.ts'

const VERIFIED = { emailVerificationStatus: 'VERIFIED' }

describeConformance('Account linking', (service) => {
  test('REST-Q3 REST-E8-accountlinkingpolicy applications and organizations have a policy from their creation, off', async () => {
    for (const owner of [await service().newApplication(), await service().newOrganization()]) {
      const policy = await service().read(owner.accountLinkingPolicy.href)
      expect(policy).toEqual({
        href: `${service().baseUrl}/accountLinkingPolicies/${idOf(owner)}`,
        createdAt: expect.any(String),
        modifiedAt: expect.any(String),
        status: 'DISABLED',
        automaticProvisioning: 'DISABLED',
        matchingProperty: null,
        tenant: link(service().tenant),
      })
      expect((await service().read(`${owner.href}?expand=accountLinkingPolicy`)).accountLinkingPolicy).toEqual(policy)
      expect((await service().read(`${policy.href}?expand=tenant`)).tenant).toEqual(service().tenant)
      expectError(await service().delete(policy.href), 405, 1100)
      await service().remove(owner.href)
      expectNotFound(await service().get(policy.href))
    }
  })

  test('REST-E8-samlpolicy an application has an empty SAML policy', async () => {
    const application = await service().newApplication()
    const policy = await service().read(application.samlPolicy.href)
    expect(policy).toEqual({
      href: `${service().baseUrl}/samlPolicies/${idOf(application)}`,
      createdAt: application.createdAt,
      modifiedAt: expect.any(String),
      tenant: link(service().tenant),
    })
  })

  test('REST-Q8 an update keeps what it does not name, and null clears the matching property', async () => {
    const { accountLinkingPolicy } = await service().newApplication()
    const { href } = accountLinkingPolicy
    expect(await service().update(href, { matchingProperty: 'EMAIL' })).toMatchObject({
      status: 'DISABLED',
      automaticProvisioning: 'DISABLED',
      matchingProperty: 'email',
    })
    await service().update(href, { status: 'enabled' })
    expect(await service().update(href, { automaticProvisioning: 'ENABLED' })).toMatchObject({
      status: 'ENABLED',
      automaticProvisioning: 'ENABLED',
      matchingProperty: 'email',
    })
    expect((await service().update(href, { matchingProperty: null })).matchingProperty).toBeNull()
    expectError(await service().post(href, { matchingProperty: 'username' }), 400, 2003)
  })

  test('REST-Q4 while the policy is off, links count for nothing', async () => {
    const { application, main, outside } = await twoStores({ status: 'DISABLED' })
    await connect(main, outside)
    expect(await loginOf(application, outside)).toEqual(link(outside))
  })

  test('REST-Q4 an enabled policy ends in the linked account of the default store, by password and by token', async () => {
    const { application, main, outside } = await twoStores({ status: 'ENABLED' })
    expect(await loginOf(application, outside)).toEqual(link(outside))
    await connect(outside, main)
    const answer = await service().login(application, outside.email, PASSWORD, {}, '?expand=account')
    expect(expectStatus(answer, 200).body.account).toEqual(main)
    expect(answer.headers.get('location')).toBe(main.href)
    expect(await loginOf(application, main)).toEqual(link(main))
    const { stormpath_access_token_href } = await service().grantByPassword(application, outside.email)
    expect((await service().read(stormpath_access_token_href)).account).toEqual(link(main))
    expect((await service().read(main.sessions.href)).size).toBe(1)
    expect((await service().read(outside.sessions.href)).size).toBe(0)
  })

  test('REST-Q4 a linked account of another store than the default is not returned', async () => {
    const { application, outside } = await twoStores({ status: 'ENABLED' })
    const third = await service().newDirectory()
    await service().newMapping(application, third)
    await connect(outside, await service().newAccount(third))
    expect(await loginOf(application, outside)).toEqual(link(outside))
  })

  test('REST-Q4 a log-in that leads to a disabled account leads nowhere', async () => {
    const { application, main, outside } = await twoStores({ status: 'ENABLED' })
    await connect(outside, main)
    await service().update(main.href, { status: 'DISABLED' })
    expectError(await service().login(application, outside.email, PASSWORD), 400, 7101)
    await service().update(main.href, { status: 'UNVERIFIED' })
    expectError(await service().login(application, outside.email, PASSWORD), 400, 7102)
  })

  test('REST-Q4 a default store that is a group means its members', async () => {
    const { application, main, outside, inside } = await twoStores({ status: 'ENABLED' })
    const group = await service().newGroup(inside)
    const { href } = await service().newMapping(application, group, { isDefaultAccountStore: true })
    await connect(outside, main)
    expect(await loginOf(application, outside)).toEqual(link(outside))
    await service().newMembership(main, group)
    expect(await loginOf(application, outside)).toEqual(link(main))
    await service().remove(href)
    expect(await loginOf(application, outside)).toEqual(link(outside))
  })

  test('REST-Q5 an account with the same verified address is linked', async () => {
    const policy = { status: 'ENABLED', matchingProperty: 'email' }
    const { application, main, outside } = await twoStores(policy, VERIFIED)
    await service().update(main.href, { email: outside.email.toUpperCase() })
    await service().update(main.href, VERIFIED)
    expect(await loginOf(application, outside)).toEqual(link(main))
    expect((await service().read(outside.linkedAccounts.href)).items[0].href).toBe(main.href)
    expect(await loginOf(application, outside)).toEqual(link(main))
    expect((await service().read(outside.accountLinks.href)).size).toBe(1)
  })

  test('REST-Q5 both addresses must be verified, and the property must say so', async () => {
    const cases = [
      { policy: { matchingProperty: 'email' }, mine: {}, theirs: VERIFIED },
      { policy: { matchingProperty: 'email' }, mine: VERIFIED, theirs: {} },
      { policy: {}, mine: VERIFIED, theirs: VERIFIED },
    ]
    for (const { policy, mine, theirs } of cases) {
      const { application, main, outside } = await twoStores({ status: 'ENABLED', ...policy })
      await service().update(main.href, { email: outside.email })
      await service().update(main.href, { emailVerificationStatus: 'UNVERIFIED', ...theirs })
      await service().update(outside.href, { emailVerificationStatus: 'UNVERIFIED', ...mine })
      expect(await loginOf(application, outside)).toEqual(link(outside))
      expect((await service().read(outside.accountLinks.href)).size).toBe(0)
    }
  })

  test('REST-Q5 an address that was changed is verified no more', async () => {
    const { outside } = await twoStores({}, VERIFIED)
    const changed = await service().update(outside.href, { email: `${unique('other')}@example.com` })
    expect(changed.emailVerificationStatus).toBe('UNVERIFIED')
    await service().update(outside.href, VERIFIED)
    const same = await service().update(outside.href, { email: changed.email.toUpperCase() })
    expect(same.emailVerificationStatus).toBe('VERIFIED')
  })

  test('REST-Q5 a match that is linked elsewhere in the directory stays as it is', async () => {
    const policy = { status: 'ENABLED', matchingProperty: 'email' }
    const { application, main, outside, elsewhere } = await twoStores(policy, VERIFIED)
    await connect(main, await service().newAccount(elsewhere))
    await service().update(main.href, { email: outside.email })
    await service().update(main.href, VERIFIED)
    expect(await loginOf(application, outside)).toEqual(link(outside))
  })

  test('REST-Q6 provisioning makes and links an account in the default store, verified as the address is', async () => {
    for (const matchingProperty of [null, 'email']) {
      const policy = { status: 'ENABLED', automaticProvisioning: 'ENABLED', matchingProperty }
      const { application, inside, outside } = await twoStores(policy, VERIFIED)
      const made = await service().read((await loginOf(application, outside)).href)
      expect(made).toMatchObject({
        directory: link(inside),
        email: outside.email,
        username: outside.email,
        givenName: outside.givenName,
        surname: outside.surname,
        status: 'ENABLED',
        emailVerificationStatus: 'VERIFIED',
      })
      expect((await service().read(outside.linkedAccounts.href)).items).toEqual([made])
      expect(await loginOf(application, outside)).toEqual(link(made))
      expect((await service().read(`${inside.accounts.href}?email=${outside.email}`)).size).toBe(1)
    }
  })

  test('REST-Q6 a provisioned account has no password of its own, and joins a group that is the default store', async () => {
    const policy = { status: 'ENABLED', automaticProvisioning: 'ENABLED' }
    const { application, inside, outside } = await twoStores(policy, VERIFIED)
    const group = await service().newGroup(inside)
    await service().newMapping(application, group, { isDefaultAccountStore: true })
    const { href } = await loginOf(application, outside)
    expect((await service().read(`${href}/groups`)).items).toEqual([group])
    const alone = await service().newApplication()
    await service().newMapping(alone, inside)
    for (const password of [PASSWORD, '!', '']) {
      expectError(await service().login(alone, outside.email, password), 400, 7100)
    }
  })

  test('REST-Q6 an account with that address is not doubled, and not taken without a matching property', async () => {
    const policy = { status: 'ENABLED', automaticProvisioning: 'ENABLED' }
    const { application, main, outside } = await twoStores(policy, VERIFIED)
    await service().update(main.href, { email: outside.email })
    await service().update(main.href, VERIFIED)
    expect(await loginOf(application, outside)).toEqual(link(outside))
    expect((await service().read(outside.accountLinks.href)).size).toBe(0)
  })

  test('REST-Q6 with a matching property it is linked, not made', async () => {
    const policy = { status: 'ENABLED', automaticProvisioning: 'ENABLED', matchingProperty: 'email' }
    const { application, main, outside } = await twoStores(policy, VERIFIED)
    await service().update(main.href, { email: outside.email })
    await service().update(main.href, VERIFIED)
    expect(await loginOf(application, outside)).toEqual(link(main))
  })

  test('REST-Q6 nothing is made for an address that is not verified, or that the default store does not let in', async () => {
    const policy = { status: 'ENABLED', automaticProvisioning: 'ENABLED' }
    const { application, inside, outside } = await twoStores(policy)
    expect(await loginOf(application, outside)).toEqual(link(outside))
    await service().update(outside.href, VERIFIED)
    await service().update(inside.accountCreationPolicy.href, { emailDomainBlacklist: ['example.com'] })
    expect(await loginOf(application, outside)).toEqual(link(outside))
  })

  test('REST-Q6 of ten log-ins at once that would make the account, all end in the same', async () => {
    const policy = { status: 'ENABLED', automaticProvisioning: 'ENABLED', matchingProperty: 'email' }
    const { application, outside } = await twoStores(policy, VERIFIED)
    const reached = await Promise.all(Array.from({ length: 10 }, () => loginOf(application, outside)))
    expect(new Set(reached.map(({ href }) => href)).size).toBe(1)
    expect(reached[0]).not.toEqual(link(outside))
  })

  test('REST-Q7 a log-in that names an organization follows its policy to its default store', async () => {
    const { application, elsewhere, outside, main } = await twoStores({ status: 'ENABLED' })
    const [organization, own] = [await service().newOrganization(), await service().newDirectory()]
    await service().newMapping(application, organization)
    await service().newOrganizationMapping(organization, elsewhere)
    await service().newOrganizationMapping(organization, own, { isDefaultAccountStore: true })
    const member = await service().newAccount(own)
    await connect(outside, main)
    await connect(outside, member)
    const targets = [{ accountStore: link(organization) }, { accountStore: { nameKey: organization.nameKey } }]
    for (const target of targets) expect(await loginOf(application, outside, target)).toEqual(link(outside))
    await service().update(organization.accountLinkingPolicy.href, { status: 'ENABLED' })
    for (const target of targets) expect(await loginOf(application, outside, target)).toEqual(link(member))
    expect(await loginOf(application, outside)).toEqual(link(main))
  })

  async function loginOf(application: Json, account: Json, more: Body = {}): Promise<Json> {
    return expectStatus(await service().login(application, account.username, PASSWORD, more), 200).body.account
  }

  const connect = (left: Json, right: Json) =>
    service().create('/accountLinks', { leftAccount: link(left), rightAccount: link(right) })

  /** An application with a default store, `inside`, and another, an account in each. */
  async function twoStores(policy: Body, ofOutside: Body = {}) {
    const { application, directory: inside } = await service().newApplicationWithDirectory()
    await service().update(application.oAuthPolicy.href, { passwordGrant: 'ENABLED' })
    const elsewhere = await service().newDirectory()
    await service().newMapping(application, elsewhere)
    if (Object.keys(policy).length > 0) await service().update(application.accountLinkingPolicy.href, policy)
    return {
      application,
      inside,
      elsewhere,
      main: await service().newAccount(inside),
      outside: await service().newAccount(elsewhere, ofOutside),
    }
  }
})
