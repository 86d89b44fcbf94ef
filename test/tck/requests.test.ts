import { expect, test } from 'vitest'
import { bareGet, describeTck, expectNotHandled, html, json } from './suite.ts'

describeTck('RequestsIT', (stage) => {
  test.each([
    ['an empty Accept header', { accept: '' }],
    ['no Accept header', {}],
    ['Accept: */*', { accept: '*/*' }],
    ['Accept: application/json', { accept: json }],
  ])('WEB-W98 WEB-W44 %s gets JSON, the first kind of web.produces', async (_, headers) => {
    const { base } = await stage().site
    expect(await bareGet(`${base}/login`, headers)).toEqual({
      status: 200,
      type: expect.stringContaining('application/json'),
    })
  })

  test.each([html, 'text/html'])('WEB-W98 who prefers HTML gets HTML: %s', async (accept) => {
    const { base } = await stage().site
    expect(await bareGet(`${base}/login`, { accept })).toEqual({
      status: 200,
      type: expect.stringContaining('text/html'),
    })
  })

  test('WEB-W98 WEB-W100 an unknown kind is not handled', async () => {
    const { base } = await stage().site
    expectNotHandled(await bareGet(`${base}/login`, { accept: 'foo/bar' }))
  })

  test('WEB-W40 the application itself answers at its root', async () => {
    expect((await (await stage().site).browser().visit('/')).status).toBe(200)
  })
})
