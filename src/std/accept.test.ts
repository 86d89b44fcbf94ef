import { expect, test } from 'vitest'
import { negotiate } from './accept.ts'

const json = 'application/json'
const html = 'text/html'
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

test.each([
  [undefined, json],
  ['', json],
  ['*/*', json],
  [browser, html],
  [json, json],
  [html, html],
  ['application/json, text/html', json],
  ['text/html, application/json', json],
  ['text/html, application/json;q=0.9', html],
  ['text/*', html],
  ['application/*', json],
  ['application/*;q=0.2, text/*', html],
  ['application/xhtml+xml', html],
  ['TEXT/HTML', html],
  ['application/json;q=0, */*', html],
  ['application/json;charset=utf-8', json],
  ['foo/bar', undefined],
  ['*/*;q=0', undefined],
  ['text/html;q=0', undefined],
  ['application/json;q=nonsense', json],
  [';;,,', undefined],
])('WEB-W98 Accept %j is answered with %j', (accept, type) => {
  expect(negotiate(accept, [json, html])).toBe(type)
})

test('WEB-W99 what is not offered is not chosen', () => {
  expect(negotiate(browser, [json])).toBe(json)
  expect(negotiate('text/html', [json])).toBeUndefined()
})
