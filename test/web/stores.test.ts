import { expect, test } from 'vitest'
import type { Json } from '../conformance/client.ts'
import { describeWeb, password, type Stage, unique } from './harness.ts'

const other = 'Another horse 5 battery'
const changed = 'Brand new 88 passphrase'
const random = () => Math.random().toString(36).slice(2)
const address = () => `${unique('store').toLowerCase()}-${random()}@example.com`

/** An account in a second store, and one of the same address in the first, which log-ins come to before. */
async function twins(stage: Stage): Promise<{ account: Json; browser: Awaited<ReturnType<Stage['loggedIn']>> }> {
  const application = await stage.application()
  const directory = await stage.api.create('/directories', { name: `second ${random()}` })
  await stage.api.create('/accountStoreMappings', {
    application: { href: application.href },
    accountStore: { href: directory.href },
  })
  const email = address()
  const account = await stage.api.create(`${directory.href}/accounts?registrationWorkflowEnabled=false`, {
    email,
    password,
  })
  const browser = await stage.loggedIn(account)
  await stage.account({ email, password: other })
  return { account, browser }
}

describeWeb('accounts of several stores', (stage) => {
  test('WEB-W72 the old password is that of the very account, whoever else has its login', async () => {
    const { browser } = await twins(stage())
    const wrong = await browser.postJson('/me/password', { oldPassword: other, password: changed })
    expect(wrong.status, wrong.text).toBe(400)
    const right = await browser.postJson('/me/password', { oldPassword: password, password: changed })
    expect(right.status, right.text).toBe(200)
    expect((await browser.getJson('/me')).json.account.href).toBe(browser.account.href)
  })

  test('WEB-W72 after a reset the very account is logged in', async () => {
    const { account } = await twins(stage())
    const { href } = await stage().application()
    const site = await stage().make({ options: { web: { changePassword: { autoLogin: true, enabled: true } } } })
    const reset = await stage().api.update(`${href}/passwordResetTokens`, {
      email: account.email,
      accountStore: { href: account.directory.href },
    })
    const sptoken = String(reset.href).slice(String(reset.href).lastIndexOf('/') + 1)
    const browser = site.browser()
    const page = await browser.postJson('/change', { sptoken, password: changed })
    expect(page.status, page.text).toBe(200)
    expect((await browser.getJson('/me')).json.account.href).toBe(account.href)
  })

  test('registering and logging in by organization', async () => {
    const { href } = await stage().application()
    const nameKey = `org-${random()}`
    const organization = await stage().api.create('/organizations?createDirectory=true', { name: nameKey, nameKey })
    const field = { fields: { organizationNameKey: { enabled: true } } }
    const site = await stage().make({
      options: { web: { register: { form: field, autoLogin: true }, login: { form: field } } },
    })
    const draft = { email: address(), password, organizationNameKey: nameKey }
    const unmapped = await site.browser().postJson('/register', draft)
    expect(unmapped.status, unmapped.text).toBe(400)
    await stage().api.create('/accountStoreMappings', {
      application: { href },
      accountStore: { href: organization.href },
    })
    for (const wrong of ['*', 'org-*', 'nobody-here']) {
      expect((await site.browser().postJson('/register', { ...draft, organizationNameKey: wrong })).status).toBe(400)
    }
    const browser = site.browser()
    const created = await browser.postJson('/register', draft)
    expect(created.status, created.text).toBe(200)
    expect((await browser.getJson('/me')).json.account.email).toBe(draft.email)
    const { items } = await stage().api.read(`${organization.href}/accounts`)
    expect((items as Json[]).map(({ email }) => email)).toEqual([draft.email])
    const again = site.browser()
    const login = { login: draft.email, password, organizationNameKey: nameKey }
    expect((await again.postJson('/login', login)).status).toBe(200)
  })
})
