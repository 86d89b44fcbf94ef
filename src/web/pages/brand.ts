import { black, type Color, contrast, mix, parseColor, readableOn, textOn, toHex, white } from './color.ts'

/** How pages look, as a developer says it. */
export interface BrandOptions {
  /** What the app is called. */
  name: string
  /** Address of an image: `https:`, a path of this site, or `data:image/…`. Shown at most 40 px high. */
  logo?: string | undefined
  /** The colour of buttons and links, `#rgb` or `#rrggbb`. */
  color?: string | undefined
  /** The same on a dark ground; `color` itself where that can be read, a lighter one otherwise. */
  darkColor?: string | undefined
  /** `auto` follows the reader's system. */
  scheme?: Brand['scheme'] | undefined
  /** Radius of corners in px, 0 to 24. */
  radius?: number | undefined
  /** A font stack, such as `"Inter", system-ui, sans-serif`. Only fonts of the reader's system are loaded. */
  font?: string | undefined
  /** Address of a style sheet that is loaded after ours: `https:` or a path of this site. */
  stylesheet?: string | undefined
}

/** A checked brand. One object per brand, not per request: what is made of it is kept as long as the object. */
export interface Brand {
  readonly name: string
  readonly logo: string | undefined
  readonly scheme: 'auto' | 'light' | 'dark'
  readonly stylesheet: string | undefined
  /** CSS variables in both schemes, on a light ground, and on a dark one. */
  readonly variables: { readonly both: Variables; readonly light: Variables; readonly dark: Variables }
}

export type Variables = Readonly<Record<`--${string}`, string>>

const defaultColor = '#2454d6'
const nearWhite: Color = [242, 244, 247]
/** Grounds that links stand on, as in the style sheet: the page's, the card's and a notice's. */
const lightGrounds: readonly Color[] = [white, [246, 247, 249], [238, 242, 253]]
const darkGrounds: readonly Color[] = [
  [23, 26, 32],
  [14, 16, 20],
  [30, 36, 51],
]

/**
 * Checks how pages are to look, and makes of one colour what they need: text on it, links that can be read on either
 * ground (WCAG 2.2 AA, whatever the colour), the shade under the pointer.
 *
 * @throws {TypeError} that names the option and what it may be
 */
export function createBrand(options: BrandOptions): Brand {
  const { name, logo, scheme = 'auto', radius = 10, font, stylesheet } = options
  if (typeof name !== 'string' || name.trim() === '') throw wrong('name', 'a text that is not empty')
  if (logo !== undefined && !isAddress(logo, true)) {
    throw wrong('logo', 'an https: address, a path such as /logo.svg, or data:image/…')
  }
  if (stylesheet !== undefined && !isAddress(stylesheet, false)) {
    throw wrong('stylesheet', 'an https: address or a path such as /auth.css')
  }
  if (!['auto', 'light', 'dark'].includes(scheme)) throw wrong('scheme', '"auto", "light" or "dark"')
  if (!(radius >= 0 && radius <= 24)) throw wrong('radius', 'a number of px from 0 to 24')
  if (font !== undefined && !/^[\w\s,.'"-]{1,200}$/.test(font)) throw wrong('font', 'a list of font names')
  const color = toColor('color', options.color ?? defaultColor)
  const darkColor = options.darkColor === undefined ? onDark(color) : toColor('darkColor', options.darkColor)
  const both: Record<`--${string}`, string> = { '--radius': `${radius / 16}rem` }
  if (font !== undefined) both['--font'] = font
  return {
    name,
    logo,
    scheme,
    stylesheet,
    variables: { both, light: shades(color, lightGrounds, black), dark: shades(darkColor, darkGrounds, white) },
  }
}

/** The colour as it can be seen on a dark ground; a black one, such as of many brands, turns white. */
function onDark(color: Color): Color {
  const paper = darkGrounds[0] as Color
  if (contrast(color, paper) >= 2) return color
  const isGrey = Math.max(...color) - Math.min(...color) < 24
  return isGrey ? nearWhite : readableOn(color, darkGrounds, white)
}

function shades(color: Color, grounds: readonly Color[], end: Color): Variables {
  const text = textOn(color)
  return {
    '--accent': toHex(color),
    '--accent-hover': toHex(mix(color, text === white ? black : white, 0.14)),
    '--on-accent': toHex(text),
    '--link': toHex(readableOn(color, grounds, end)),
  }
}

function toColor(option: string, text: string): Color {
  const color = parseColor(text)
  if (!color) throw wrong(option, 'a colour such as #2454d6')
  return color
}

/** Blanks, quotes, commas and semicolons would end it early in a policy. */
function isAddress(address: string, image: boolean): boolean {
  if (/[\s"'<>\\]/.test(address)) return false
  if (image && /^data:image\/(?:avif|gif|jpeg|png|svg\+xml|webp)[;,]/.test(address)) return true
  if (/^\/(?!\/)/.test(address)) return true
  return address.startsWith('https://') && URL.canParse(address)
}

const wrong = (option: string, expected: string): TypeError => new TypeError(`brand.${option} must be ${expected}`)
