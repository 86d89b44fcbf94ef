import { expect, test } from 'vitest'
import {
  describeTck,
  expectNotHandled,
  inputsOf,
  json,
  mailedToken,
  newAccount,
  newAddress,
  textOfDiv,
} from './suite.ts'

describeTck('ForgotPasswordIT', (stage) => {
  const browser = async () => (await stage().site).browser()

  test.each(['PUT', 'DELETE'])('WEB-W100 %s is not handled', async (method) => {
    expectNotHandled(await (await browser()).ask('/forgot', { method }))
  })

  test('WEB-W100 GET is not handled for JSON', async () => {
    expectNotHandled(await (await browser()).ask('/forgot', { accept: json }))
  })

  test('WEB-W68 HTML: a form for the address', async () => {
    const page = await (await browser()).visit('/forgot')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(inputsOf(page)).toMatchObject([{ name: 'email', type: 'email' }])
    expect(textOfDiv(page, 'alert')).toBeUndefined()
  })

  test('WEB-W70 HTML: above the form it is said that a link did not hold', async () => {
    const page = await (await browser()).visit('/forgot?status=invalid_sptoken')
    expect(page.status).toBe(200)
    expect(textOfDiv(page, 'alert')).toMatch(/\w/)
  })

  test.each([
    ['JSON', { status: 200, text: '' }],
    ['HTML', { status: 302, location: '/login?status=forgot' }],
  ])(
    'WEB-W68 %s: the same answer for an address that has an account and for one that has none',
    async (kind, answer) => {
      const { email } = await newAccount(stage())
      for (const each of [email as string, newAddress(), 'foo+notarealemail@bar.baz']) {
        const visitor = await browser()
        const page =
          kind === 'JSON'
            ? await visitor.postJson('/forgot', { email: each })
            : await visitor.submit('/forgot', { email: each })
        expect(page).toMatchObject(answer)
      }
      expect(await mailedToken(stage(), email as string)).toMatch(/\w/)
    },
  )
})
