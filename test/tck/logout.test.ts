import { expect, test } from 'vitest'
import { claimsOf, describeTck, expectCookiesDeleted, expectNotHandled, html, json } from './suite.ts'

describeTck('LogoutIT', (stage) => {
  const browser = async () => (await stage().site).browser()
  const logOut = { method: 'POST' }

  const isKnown = async (kind: 'accessTokens' | 'refreshTokens', jwt: string) =>
    (await stage().api.get(`/${kind}/${claimsOf(jwt).jti}`)).status

  test.each(['GET', 'PUT', 'DELETE'])('WEB-W59 WEB-W100 %s is not handled', async (method) => {
    for (const accept of [json, html, '*/*']) {
      expectNotHandled(await (await browser()).ask('/logout', { method, accept }))
    }
  })

  test('WEB-W59 JSON: without a session it is 200 and empty', async () => {
    expect(await (await browser()).ask('/logout', { ...logOut, accept: json })).toMatchObject({ status: 200, text: '' })
  })

  test('WEB-W59 WEB-W39 HTML: without a session it leads to nextUri', async () => {
    expect(await (await browser()).ask('/logout', { ...logOut, accept: html })).toMatchObject({
      status: 302,
      location: '/',
    })
  })

  test.each([
    ['JSON', json, { status: 200, text: '' }],
    ['HTML', html, { status: 302, location: '/' }],
  ])('WEB-W59 WEB-W60 WEB-W39 %s: a session ends here and in the service', async (_, accept, answer) => {
    const user = await stage().loggedIn()
    const access = user.cookies.get('access_token') as string
    const refresh = user.cookies.get('refresh_token') as string
    expect(await isKnown('accessTokens', access)).toBe(200)
    expect(await isKnown('refreshTokens', refresh)).toBe(200)
    const page = await user.ask('/logout', { ...logOut, accept })
    expect(page).toMatchObject(answer)
    expectCookiesDeleted(page)
    expect(await isKnown('accessTokens', access)).toBe(404)
    expect(await isKnown('refreshTokens', refresh)).toBe(404)
    const replay = await (await browser()).getJson('/me', {
      cookie: `access_token=${access}; refresh_token=${refresh}`,
    })
    expect(replay.status).toBe(401)
  })

  test('WEB-W60 a token that is presented as Bearer ends as well', async () => {
    const user = await stage().loggedIn()
    const access = user.cookies.get('access_token') as string
    const authorization = `Bearer ${access}`
    expect((await (await browser()).getJson('/me', { authorization })).status).toBe(200)
    const page = await (await browser()).ask('/logout', { ...logOut, accept: json, headers: { authorization } })
    expect(page.status).toBe(200)
    expect(await isKnown('accessTokens', access)).toBe(404)
    expect((await (await browser()).getJson('/me', { authorization })).status).toBe(401)
  })

  test('WEB-W117 what a browser says comes from another site logs nobody out', async () => {
    const user = await stage().loggedIn()
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect((await user.ask('/logout', { ...logOut, accept: json, headers })).status).toBe(403)
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await user.ask('/logout', { ...logOut, accept: html, headers: form, body: '' })).status).toBe(403)
    expect((await user.getJson('/me')).status).toBe(200)
  })
})
