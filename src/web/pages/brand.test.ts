import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBrand } from './brand.ts'
import { type Color, contrast, parseColor, toHex, white } from './color.ts'

const colorIn = (variables: Readonly<Record<string, string>>, name: string) =>
  parseColor(variables[name] ?? '') as Color

test('WEB-W113 WEB-W114 any colour of a brand gives text and links of at least 4.5 to 1 on every ground they stand on', () => {
  const part = fc.integer({ min: 0, max: 255 })
  const grounds = { light: ['#ffffff', '#f6f7f9', '#eef2fd'], dark: ['#171a20', '#0e1014', '#1e2433'] }
  fc.assert(
    fc.property(fc.tuple(part, part, part), (color) => {
      const { variables } = createBrand({ name: 'A', color: toHex(color) })
      for (const scheme of ['light', 'dark'] as const) {
        const shades = variables[scheme]
        const text = colorIn(shades, '--on-accent')
        expect(contrast(colorIn(shades, '--accent'), text)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(colorIn(shades, '--accent-hover'), text)).toBeGreaterThanOrEqual(4.5)
        for (const ground of grounds[scheme]) {
          expect(contrast(colorIn(shades, '--link'), parseColor(ground) as Color)).toBeGreaterThanOrEqual(4.5)
        }
      }
    }),
  )
})

test('contrast is that of WCAG', () => {
  expect(contrast(white, [0, 0, 0])).toBeCloseTo(21)
  expect(contrast(white, [118, 118, 118])).toBeCloseTo(4.54, 2)
})

test('a black brand is white on a dark ground', () => {
  expect(createBrand({ name: 'A', color: '#111' }).variables.dark['--accent']).toBe('#f2f4f7')
})

describe('WEB-W114 an option that is not what it must be is refused by name', () => {
  test.each([
    ['brand.name', { name: ' ' }],
    ['brand.color', { color: 'red;} body{display:none' }],
    ['brand.darkColor', { darkColor: '#12' }],
    ['brand.logo', { logo: 'javascript:alert(1)' }],
    ['brand.logo', { logo: 'http://a.example/logo.png' }],
    ['brand.logo', { logo: '//a.example/logo.png' }],
    ['brand.logo', { logo: 'data:text/html,x' }],
    ['brand.stylesheet', { stylesheet: 'data:text/css,x' }],
    ['brand.stylesheet', { stylesheet: "https://a.example/'unsafe-inline' x" }],
    ['brand.font', { font: 'x;}</style>' }],
    ['brand.radius', { radius: Number.NaN }],
    ['brand.scheme', { scheme: 'sepia' as 'dark' }],
  ])('%s', (option, options) => {
    expect(() => createBrand({ name: 'A', ...options })).toThrow(new RegExp(`^${option} must be `))
  })
})
