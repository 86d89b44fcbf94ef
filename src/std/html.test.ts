import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attributes, html, trusted } from './html.ts'

const text = (markup: { toString(): string }) => markup.toString()
/** Undoes the escaping as a browser does. */
const read = (escaped: string) =>
  escaped.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name as 'amp'],
  )

/** Anything, and mostly what breaks out. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>"\'&/= \n\0`x!-;:#'), maxLength: 30 }),
  fc.constantFrom(
    '"><script>alert(1)</script>',
    "' onfocus=alert(1) autofocus='",
    '</title><svg/onload=alert(1)>',
    '--><img src=x onerror=alert(1)>',
    '&#x22;&lt;',
  ),
)

describe('ATTACK-J8 GOAL-L2 whatever fills a hole stays what it is', () => {
  test('text in text and in attributes, at any value', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        for (const [markup, before, after] of [
          [html`<p>${value}</p>`, '<p>', '</p>'],
          [html`<p title="${value}">`, '<p title="', '">'],
          [html`<p title='a ${value}'>`, "<p title='a ", "'>"],
          [html`<textarea>${value}</textarea>`, '<textarea>', '</textarea>'],
          [html`<p${attributes({ title: value })}>`, '<p title="', '">'],
        ] as const) {
          const all = text(markup)
          const middle = all.slice(before.length, all.length - after.length)
          expect([all.startsWith(before), all.endsWith(after)]).toEqual([true, true])
          expect(middle).not.toMatch(/[<>"']/)
          expect(read(middle)).toBe(value)
        }
      }),
    )
  })

  test('an address runs no script, however it is written', () => {
    const blanks = fc.string({ unit: fc.constantFrom('\t', '\n', '\r', ' ', '\0', '\u0001'), maxLength: 3 })
    const scheme = fc.constantFrom('javascript', 'vbscript', 'data', 'file', 'blob', 'JaVaScRiPt', 'view-source')
    fc.assert(
      fc.property(scheme, blanks, fc.nat(12), blanks, fc.string(), (name, first, at, within, rest) => {
        const url = `${first}${name.slice(0, at)}${within.replace(/[^\t\n\r]/g, '')}${name.slice(at)}:${rest}`
        expect(text(html`<a href="${url}">`)).toBe('<a href="about:invalid">')
        expect(text(html`<a${attributes({ href: url })}>`)).toBe('<a href="about:invalid">')
      }),
    )
  })

  test('no address that is let through is a script to the URL parser', () => {
    fc.assert(
      fc.property(hostile, (url) => {
        const href = read(text(html`<a href="${url}">`).slice('<a href="'.length, -2))
        if (!URL.canParse(href, 'https://app.example/')) return
        expect(new URL(href, 'https://app.example/').protocol).toMatch(/^(https?|mailto|data|about):$/)
      }),
    )
  })

  test.each([
    ['https://a.example/?b=c&d', 'https://a.example/?b=c&amp;d'],
    ['/login?next=%2Fa:b', '/login?next=%2Fa:b'],
    ['?a=b:c', '?a=b:c'],
    ['mailto:joe@example.com', 'mailto:joe@example.com'],
    ['data:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
    ['data:text/html,<script>', 'about:invalid'],
  ])('the address %s', (url, expected) => {
    expect(text(html`<a href="${url}">`)).toBe(`<a href="${expected}">`)
  })
})

describe('a template that cannot be made safe is refused', () => {
  const x = 'x'
  test.each([
    ['an attribute without quotes', () => html`<p title=${x}>`],
    ['an event handler', () => html`<p onclick="${x}">`],
    ['a style', () => html`<p style="color: ${x}">`],
    ['a document in an attribute', () => html`<iframe srcdoc="${x}"></iframe>`],
    ['a script', () => html`<script>${x}</script>`],
    ['a style sheet', () => html`<style>${x}</style>`],
    ['a script with attributes', () => html`<script${attributes({ type: 'module' })}>${x}</script>`],
    ['a comment', () => html`<!-- ${x} -->`],
    ['the name of a tag', () => html`<${x}>`],
    ['the name of a closing tag', () => html`</${x}>`],
    ['text in a tag', () => html`<p ${x}>`],
    ['the scheme of an address', () => html`<a href="j${x}">`],
    ['the host of an address', () => html`<a href="https://${x}">`],
    ['a tag left open', () => html`<p `],
    ['markup in an attribute', () => html`<p title="${html`<b>`}">`],
    ['attributes in text', () => html`<p>${attributes({ title: x }) as never}</p>`],
    ['an object', () => html`<p>${{ text: x } as never}</p>`],
    ['an object that says it is markup', () => html`<p>${JSON.parse('{"text":"<b>"}')}</p>`],
    ['a list in an attribute', () => html`<p title="${[x]}">`],
    ['an event handler by attributes()', () => attributes({ onclick: x })],
    ['an attribute by a name from outside', () => attributes({ 'x onclick': x })],
  ])('%s', (_, make) => {
    expect(make).toThrow(TypeError)
  })
})

test('markup nests, lists are joined, nothing leaves no trace', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  expect(text(html`<ul>${items}</ul>${null}${undefined}${false}${0}`)).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0')
  expect(text(html`<style>${trusted('a > b {}')}</style>`)).toBe('<style>a > b {}</style>')
})

test('attributes are written when they have a value', () => {
  const markup = html`<input${attributes({ name: 'a"b', required: true, disabled: false, value: undefined, maxlength: 0 })}>`
  expect(text(markup)).toBe('<input name="a&quot;b" required maxlength="0">')
})
