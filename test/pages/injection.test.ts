import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createManualClock } from '../../src/std/clock.ts'
import { createBrand } from '../../src/web/pages/brand.ts'
import type { Page } from '../../src/web/pages/model.ts'
import { createPages } from '../../src/web/pages/pages.ts'
import { startChromium } from '../support/chromium.ts'
import { gallery, now } from './gallery.ts'

/** What breaks out of text, attributes, titles, comments, text areas, styles and scripts, in the ways of well-known lists. */
const payloads = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '--><script>alert(1)</script>',
  ']]><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  "'><img src=x onerror=alert(1)>",
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<iframe src=javascript:alert(1)>',
  '<object data=javascript:alert(1)>',
  '<embed src=javascript:alert(1)>',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<audio src onerror=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<marquee onstart=alert(1)>',
  '<base href=//evil.example/>',
  '<link rel=stylesheet href=//evil.example/a.css>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<form action=//evil.example><button>',
  '<button formaction=javascript:alert(1)>',
  '<a href=javascript:alert(1)>',
  '<a href="java\tscript:alert(1)">',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<xmp><p title="</xmp><svg/onload=alert(1)>">',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)" x="',
  '` onmouseover=`alert(1)`',
  '" style="background:url(javascript:alert(1))',
  '"/onclick=alert(1)//',
  'x" hidden class="button primary',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'javascript&colon;alert(1)',
  '&#106;avascript:alert(1)',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '\u0024{alert(1)}',
  '\u2028<img src=x onerror=alert(1)>',
  '＜script＞alert(1)＜/script＞',
  '<scr\0ipt>alert(1)</scr\0ipt>',
  '<\u0130mg src=x onerror=alert(1)>',
]

/** Members that choose what is drawn, not what is written. */
const choosing = new Set(['page', 'locale', 'banner', 'type', 'providerId', 'key', 'userAgent'])

/** The model with the payload in the place of every text, names of values included. */
function poison(value: unknown, payload: string, member = ''): unknown {
  if (typeof value === 'string') return choosing.has(member) ? value : payload
  if (Array.isArray(value)) return value.map((each) => poison(each, payload))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (member === 'brand') return createBrand({ name: payload })
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, payload, name)]))
}

let browser: Browser

beforeAll(async () => {
  browser = await startChromium()
})

afterAll(() => browser?.close())

/** Runs in the browser: tags with the names of their attributes, and every address that it would go to. */
const skeletons = `(documents) => documents.map((text) => {
  const all = [...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('*')]
  return {
    shape: all.map((it) => it.tagName + '[' + it.getAttributeNames().sort() + ']').join(' '),
    schemes: all.flatMap((it) => ['href', 'src', 'action', 'formaction'].map((name) => it.getAttribute(name)))
      .filter((address) => address !== null && URL.canParse(address, 'https://app.example/'))
      .map((address) => new URL(address, 'https://app.example/').protocol),
  }
})`

test('ATTACK-J8 GOAL-L2 whatever stands in any text of any page, the browser sees the same document', async () => {
  const pages = createPages({ clock: createManualClock(now) })
  const render = async (page: Page, payload: string) => String((await pages.render(poison(page, payload) as Page)).body)
  const tab = await browser.newPage()
  const seen = async (documents: string[]) =>
    tab.evaluate<{ shape: string; schemes: string[] }[]>(`(${skeletons})(${JSON.stringify(documents)})`)
  expect(payloads.length).toBeGreaterThanOrEqual(60)
  for (const [name, page] of gallery) {
    const documents = await Promise.all(['harmless', ...payloads].map((payload) => render(page, payload)))
    const [harmless, ...poisoned] = await seen(documents)
    for (const [index, { shape, schemes }] of poisoned.entries()) {
      expect([name, payloads[index], shape]).toEqual([name, payloads[index], harmless?.shape])
      expect([name, payloads[index], schemes.filter((scheme) => !['https:', 'about:'].includes(scheme))]).toEqual([
        name,
        payloads[index],
        [],
      ])
    }
  }
  await tab.close()
}, 120_000)
