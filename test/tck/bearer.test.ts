import { expect, test } from 'vitest'
import { describeTck } from './suite.ts'

describeTck('BearerIT', (stage) => {
  test('WEB-W91 a refresh token is no Bearer token', async () => {
    const user = await stage().loggedIn()
    const ask = async (token: string | undefined) =>
      (await (await stage().site).browser().ask('/me', { headers: { authorization: `Bearer ${token}` } })).status
    expect(await ask(user.cookies.get('access_token'))).toBe(200)
    expect(await ask(user.cookies.get('refresh_token'))).toBe(401)
  })
})
