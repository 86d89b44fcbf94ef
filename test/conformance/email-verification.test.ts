import { expect, test } from 'vitest'
import {
  accountValues,
  describeConformance,
  expectError,
  expectNotFound,
  expectStatus,
  type Json,
  link,
} from './harness.ts'

const DAY = 24 * 60 * 60 * 1000

describeConformance('E-mail verification', (service) => {
  test('REST-M1 REST-G1 a new account waits for its address to be verified, has a link for that, and gets it by mail', async () => {
    const { application, directory } = await world()
    for (const owner of [application, directory]) {
      const account = await service().newAccount(owner)
      expect(account).toMatchObject({
        status: 'UNVERIFIED',
        emailVerificationStatus: 'UNVERIFIED',
        emailVerificationToken: { href: expect.stringMatching(tokenHref()) },
      })
      expect(await service().read(account.href)).toEqual(account)
      const mail = await service().mailTo(account.email)
      const origin = service().baseUrl.slice(0, -'/v1'.length)
      expect(mail.subject).toBe('Verify your account')
      expect(mail.links).toEqual([`${origin}/emailVerificationTokens?sptoken=${tokenOf(account)}`])
      expectError(await service().login(application, account.email, 'Copper-Kettle-4471'), 400, 7102)
    }
  })

  test('REST-M1 the workflow applies whatever status the body names, except a disabled one', async () => {
    const { directory } = await world()
    expect((await service().newAccount(directory, { status: 'ENABLED' })).status).toBe('UNVERIFIED')
    expect((await service().newAccount(directory, { status: 'DISABLED' })).status).toBe('DISABLED')
  })

  test('REST-M1 where nothing is to be verified there is no link and no mail', async () => {
    const directory = await service().newDirectory()
    const account = await service().newAccount(directory)
    expect(account).toMatchObject({ status: 'ENABLED', emailVerificationToken: null })
    expect(await service().mailsTo(account.email)).toEqual([])
  })

  test('REST-K7 registrationWorkflowEnabled=false leaves out status, link and mails; true is the default', async () => {
    const { directory } = await world()
    await service().update(directory.accountCreationPolicy.href, { welcomeEmailStatus: 'ENABLED' })
    const to = `${directory.accounts.href}?registrationWorkflowEnabled=`
    const without = await service().create(`${to}false`, accountValues())
    expect(without).toMatchObject({ status: 'ENABLED', emailVerificationToken: null })
    expect(await service().mailsTo(without.email)).toEqual([])
    const given = await service().create(`${to}false`, accountValues({ status: 'UNVERIFIED' }))
    expect(given).toMatchObject({ status: 'UNVERIFIED', emailVerificationToken: null })
    const asked = await service().create(`${to}true`, accountValues())
    expect(asked.status).toBe('UNVERIFIED')
  })

  test('REST-M2 a POST verifies the address and enables the account, once', async () => {
    const { application, directory } = await world()
    const account = await service().newAccount(directory)
    const { href } = account.emailVerificationToken
    const answer = expectStatus(await service().post(href), 200)
    expect(answer.body).toEqual(link(account))
    expect(answer.headers.get('location')).toBe(account.href)
    expect(await service().read(account.href)).toMatchObject({
      status: 'ENABLED',
      emailVerificationStatus: 'VERIFIED',
      emailVerificationToken: null,
    })
    expectStatus(await service().login(application, account.email, 'Copper-Kettle-4471'), 200)
    expectNotFound(await service().post(href))
  })

  test('WEB-W50 the use of a link brings a ticket when asked: good once, for the application of the mail', async () => {
    const { application, directory } = await world()
    const account = await service().newAccount(application)
    const { body } = expectStatus(await service().post(`${account.emailVerificationToken.href}?loginTicket=true`), 200)
    expect(body).toEqual({ ...link(account), loginTicket: expect.stringMatching(/^[\w-]{43}$/) })
    const redeem = (where: Json) =>
      service().token(where, { grant_type: 'urn:latchkey:grant:login-ticket', ticket: body.loginTicket })
    const granted = expectStatus(await redeem(application), 200).body
    const introspected = await service().token(application, { token: granted.access_token }, 'introspect')
    expect(introspected.body).toMatchObject({ active: true, sub: account.href })
    expectError(await redeem(application), 400, 400)

    // not where the mail came about through no application, nor for an account that cannot log in
    const bare = await service().newAccount(directory)
    const used = expectStatus(await service().post(`${bare.emailVerificationToken.href}?loginTicket=true`), 200)
    expect(used.body).toEqual(link(bare))
    const disabled = await service().newAccount(application)
    await service().update(disabled.href, { status: 'DISABLED' })
    const { href } = disabled.emailVerificationToken
    expect(expectStatus(await service().post(`${href}?loginTicket=true`), 200).body).toEqual(link(disabled))
    const outside = await service().newAccount(application)
    const { items } = await service().read(application.accountStoreMappings.href)
    for (const { href } of items) await service().remove(href)
    const after = await service().post(`${outside.emailVerificationToken.href}?loginTicket=true`)
    expect(expectStatus(after, 200).body).toEqual(link(outside))
  })

  test('REST-M2 TRAP-T8 the body may be null, and an unknown or foreign token does not exist', async () => {
    const { directory } = await world()
    const account = await service().newAccount(directory)
    const { href } = account.emailVerificationToken
    const wrong = href.slice(0, -1) + (href.endsWith('A') ? 'B' : 'A')
    for (const unknown of [wrong, `${href.slice(0, href.lastIndexOf('/'))}/nonsense`]) {
      expectNotFound(await service().post(unknown))
    }
    expectNotFound(await (await service().secondTenant()).post(href))
    expectStatus(await service().post(href, 'null'), 200)
  })

  test('REST-M2 a link that leads nowhere in time does nothing', async () => {
    const { directory } = await world()
    const account = await service().newAccount(directory)
    service().clock.advance(7 * DAY)
    expectNotFound(await service().post(account.emailVerificationToken.href))
  })

  test('REST-M3 verification does not enable a disabled account', async () => {
    const { directory } = await world()
    const account = await service().newAccount(directory)
    await service().update(account.href, { status: 'DISABLED' })
    expectStatus(await service().post(account.emailVerificationToken.href), 200)
    expect(await service().read(account.href)).toMatchObject({
      status: 'DISABLED',
      emailVerificationStatus: 'VERIFIED',
    })
  })

  test('REST-M4 success and welcome mails come after the verification, and no earlier', async () => {
    const { directory } = await world()
    const enabled = { verificationSuccessEmailStatus: 'ENABLED', welcomeEmailStatus: 'ENABLED' }
    await service().update(directory.accountCreationPolicy.href, enabled)
    const account = await service().newAccount(directory)
    expect(await subjectsTo(account)).toEqual(['Verify your account'])
    await service().post(account.emailVerificationToken.href)
    expect((await subjectsTo(account)).toSorted()).toEqual([
      'Verify your account',
      'Your account has been confirmed',
      'Your registration was successful',
    ])
  })

  test('REST-M4 without verification the welcome comes at once, and only where it is wanted', async () => {
    const directory = await service().newDirectory()
    await service().update(directory.accountCreationPolicy.href, { welcomeEmailStatus: 'ENABLED' })
    expect(await subjectsTo(await service().newAccount(directory))).toEqual(['Your registration was successful'])
  })

  test('REST-M5 TRAP-T8 the mail is sent anew: 202 without a body, and the older link is void', async () => {
    const { application, directory } = await world()
    const account = await service().newAccount(directory)
    const answer = expectStatus(await resend(application, { login: account.username }), 202)
    expect(answer.text).toBe('')
    expect(await subjectsTo(account)).toEqual(['Verify your account', 'Verify your account'])
    expectNotFound(await service().post(account.emailVerificationToken.href))
    const { emailVerificationToken } = await service().read(account.href)
    expect((await service().mailTo(account.email)).links[0]).toContain(tokenOf({ emailVerificationToken }))
    expectStatus(await service().post(emailVerificationToken.href), 200)
    expectStatus(await resend(application, { login: account.email }), 202)
    expect(await subjectsTo(account)).toHaveLength(2)
  })

  test('REST-M5 an account store bounds the look-up; an unknown login and a missing one are told', async () => {
    const { application, directory } = await world()
    const account = await service().newAccount(directory)
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    await service().newMapping(application, organization)
    const other = await service().newDirectory()
    await service().newMapping(application, other)
    for (const accountStore of [link(directory), { nameKey: organization.nameKey }]) {
      expectStatus(await resend(application, { login: account.email, accountStore }), 202)
    }
    expectError(await resend(application, { login: account.email, accountStore: link(other) }), 400, 2016)
    expectError(await resend(application, { login: 'nobody@example.com' }), 400, 2016)
    expectError(await resend(application, {}), 400, 2000, {
      developerMessage: 'login property is required; it cannot be null, empty, or blank.',
    })
  })

  test('REST-M5 where the workflow is off a mail sent anew is refused', async () => {
    const { application, directory } = await service().newApplicationWithDirectory()
    const account = await service().newAccount(directory)
    expectError(await resend(application, { login: account.email }), 400, 6101)
  })

  test('ATTACK-E6 another address voids the link, and setting the status by hand needs none', async () => {
    const { directory } = await world()
    const moved = await service().newAccount(directory)
    const { href } = moved.emailVerificationToken
    expect((await service().update(moved.href, { email: `new-${moved.email}` })).emailVerificationToken).toBeNull()
    expectNotFound(await service().post(href))
    const manual = await service().newAccount(directory)
    const after = await service().update(manual.href, { emailVerificationStatus: 'VERIFIED' })
    expect(after.emailVerificationToken).toBeNull()
  })

  test('WEB-W66 a creation with existing=notify answers 202 for a known address, and mails its owner', async () => {
    const { application, directory } = await world()
    const known = await service().newAccount(directory)
    await service().post(known.emailVerificationToken.href)
    const to = `${application.accounts.href}?existing=notify`
    const answer = expectStatus(await service().post(to, accountValues({ email: known.email.toUpperCase() })), 202)
    expect(answer.text).toBe('')
    expect((await service().mailTo(known.email)).subject).toBe('You already have an account')
    expectStatus(await service().post(to, accountValues()), 201)
  })

  test('WEB-W66 a known address is refused as ever without the parameter, and where nothing is verified', async () => {
    const { application, directory } = await world()
    const known = await service().newAccount(directory)
    const again = accountValues({ email: known.email })
    expectError(await service().post(application.accounts.href, again), 409, 2001)
    await service().update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'DISABLED' })
    expectError(await service().post(`${application.accounts.href}?existing=notify`, again), 409, 2001)
    expectError(await service().post(`${application.accounts.href}?existing=other`, accountValues()), 400, 2103)
    expect(await subjectsTo(known)).toEqual(['Verify your account'])
  })

  const resend = (application: Json, body: object) => service().post(application.verificationEmails.href, body)

  const subjectsTo = async ({ email }: Json) => (await service().mailsTo(email)).map(({ subject }) => subject)

  const tokenHref = () =>
    new RegExp(`^${service().baseUrl}/accounts/emailVerificationTokens/[\\w-]+\\.[\\w-]+\\.[\\w-]+$`)

  const tokenOf = ({ emailVerificationToken: { href } }: Json): string => href.slice(href.lastIndexOf('/') + 1)

  async function world(): Promise<{ application: Json; directory: Json }> {
    const made = await service().newApplicationWithDirectory()
    await service().update(made.directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
    return made
  }
})

describeConformance(
  'The directory of a new application',
  (service) => {
    test('verifies addresses in modern where mail can be sent, and never in stormpath', async () => {
      const { href } = await service().create('/applications?createDirectory=true', { name: 'With a directory' })
      const { items } = await service().read(`${href}/accountStoreMappings?expand=accountStore`)
      const policy = await service().read(items[0].accountStore.accountCreationPolicy.href)
      expect(policy.verificationEmailStatus).toBe(service().way.preset === 'modern' ? 'ENABLED' : 'DISABLED')
      const other = await service().newDirectory()
      expect(await service().read(other.accountCreationPolicy.href)).toMatchObject({
        verificationEmailStatus: 'DISABLED',
        verificationSuccessEmailStatus: 'DISABLED',
        welcomeEmailStatus: 'DISABLED',
      })
      const administrators = await service().read('/directories?name=Stormpath%20Administrators')
      const own = await service().read(administrators.items[0].accountCreationPolicy.href)
      expect(own.verificationEmailStatus).toBe('DISABLED')
    })
  },
  { presets: ['modern', 'stormpath'] },
)
