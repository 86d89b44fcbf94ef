import { expect, test } from 'vitest'
import { describeTck, expectError } from './suite.ts'

describeTck('ErrorsIT', (stage) => {
  test('WEB-W100 a path that nobody knows is 404', async () => {
    expect((await (await stage().site).browser().visit('/no-such-path')).status).toBe(404)
  })

  test.each(['/me', '/dashboard'])(
    'WEB-W77 WEB-W101 WEB-W104 %s is 401 for JSON, with the Bearer challenge',
    async (path) => {
      const page = await (await stage().site).browser().getJson(path)
      expectError(page, 401)
      expect(page.headers.get('www-authenticate')).toMatch(/^Bearer/)
    },
  )
})
