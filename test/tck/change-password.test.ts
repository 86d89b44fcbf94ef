import { expect, test } from 'vitest'
import {
  describeTck,
  expectError,
  expectNotHandled,
  html,
  inputsOf,
  mailedToken,
  newAccount,
  password,
} from './suite.ts'

const newPassword = 'N3wP4ssw0rd###'

describeTck('ChangePasswordIT', (stage) => {
  const browser = async () => (await stage().site).browser()

  async function reset() {
    const account = await newAccount(stage())
    expect((await (await browser()).postJson('/forgot', { email: account.email })).status).toBe(200)
    return { account, token: await mailedToken(stage(), account.email as string) }
  }

  /** The status of a password grant. */
  const grant = async (username: string | undefined, secret: string) =>
    (
      await (
        await browser()
      ).postForm(
        '/oauth/token',
        { grant_type: 'password', username: username as string, password: secret },
        { csrf: null },
      )
    ).status

  test.each(['PUT', 'DELETE'])('WEB-W100 %s is not handled', async (method) => {
    expectNotHandled(await (await browser()).ask('/change', { method }))
  })

  test('WEB-W70 JSON: a bad token is 404, looked at or used', async () => {
    const visitor = await browser()
    expectError(await visitor.getJson('/change?sptoken=NOTEVENCLOSETOVALID'), 404)
    const body = { sptoken: 'NOTEVENCLOSETOVALID', password: 'foobar123!' }
    expectError(await visitor.postJson('/change', body), 404)
  })

  test('WEB-W70 JSON: no token is 400', async () => {
    const visitor = await browser()
    expectError(await visitor.getJson('/change'), 400)
    expectError(await visitor.postJson('/change', { password: newPassword }), 400)
  })

  test('WEB-W70 HTML: a bad token leads to where a new link is to be had', async () => {
    expect(await (await browser()).visit('/change?sptoken=NOTEVENCLOSETOVALID')).toMatchObject({
      status: 302,
      location: '/forgot?status=invalid_sptoken',
    })
  })

  test('WEB-W70 HTML: no token leads to the form that sends one', async () => {
    expect(await (await browser()).visit('/change')).toMatchObject({ status: 302, location: '/forgot' })
  })

  test('WEB-W70 WEB-W117 HTML: a bad token leads there from the form too, with the form token of another page', async () => {
    const visitor = await browser()
    await visitor.visit('/forgot')
    const fields = { password: 'foobar123!' }
    expect(await visitor.postForm('/change?sptoken=NOTEVENCLOSETOVALID', fields)).toMatchObject({
      status: 302,
      location: '/forgot?status=invalid_sptoken',
    })
  })

  test('WEB-W69 HTML: a good token shows the form for the new password, as often as one looks', async () => {
    const { token } = await reset()
    for (let i = 0; i < 2; i++) {
      const page = await (await browser()).visit(`/change?sptoken=${token}`)
      expect(page.status).toBe(200)
      expect(page.headers.get('content-type')).toContain('text/html')
      expect(inputsOf(page)).toMatchObject([{ name: 'password', type: 'password' }, { type: 'password' }])
    }
  })

  test('WEB-W69 WEB-W71 JSON: a good token sets the password, once, with an empty answer', async () => {
    const { account, token } = await reset()
    const visitor = await browser()
    expect(await visitor.getJson(`/change?sptoken=${token}`)).toMatchObject({ status: 200, text: '' })
    expectError(await visitor.postJson('/change', { sptoken: token, password: '1' }), 400)
    expect(await visitor.postJson('/change', { sptoken: token, password: newPassword })).toMatchObject({
      status: 200,
      text: '',
    })
    expect(await grant(account.username, newPassword)).toBe(200)
    expect(await grant(account.username, password)).toBe(400)
    expectError(await visitor.postJson('/change', { sptoken: token, password: newPassword }), 404)
  })

  test('WEB-W69 WEB-W71 HTML: a good token in the address sets the password, with the form token of another page', async () => {
    const { account, token } = await reset()
    const visitor = await browser()
    await visitor.visit('/forgot')
    const both = (value: string) => ({ password: value, confirmPassword: value })
    const again = await visitor.postForm(`/change?sptoken=${token}`, both('1'), { accept: html })
    expect(again.status).toBe(200)
    expect(inputsOf(again)).toMatchObject([{ name: 'password' }, { type: 'password' }])
    expect(await visitor.postForm(`/change?sptoken=${token}`, both(newPassword))).toMatchObject({
      status: 302,
      location: '/login?status=reset',
    })
    expect(await grant(account.username, newPassword)).toBe(200)
  })
})
