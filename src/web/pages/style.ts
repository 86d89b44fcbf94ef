import type { Brand, Variables } from './brand.ts'
import { sheet } from './sheet.ts'

const made = new WeakMap<Brand, string>()

/** The whole style sheet of a brand, made once per brand. */
export function styleOf(brand: Brand): string {
  let style = made.get(brand)
  if (style === undefined) {
    style = compose(brand)
    made.set(brand, style)
  }
  return style
}

function compose({ scheme, variables: { both, light, dark } }: Brand): string {
  const bright = `${declare({ ...lightGround, ...light, ...both })};color-scheme:light`
  const night = `${declare({ ...darkGround, ...dark })};color-scheme:dark`
  const root =
    scheme === 'dark'
      ? `:root{${bright};${night}}`
      : scheme === 'light'
        ? `:root{${bright}}`
        : `:root{${bright}}@media (prefers-color-scheme:dark){:root{${night}}}`
  return `${root}\n${sheet}`
}

const declare = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}:${value}`)
    .join(';')

/** The palette but for the brand's colour. Text has a contrast of 4.5 on each ground it stands on, borders of inputs 3. */
const lightGround: Variables = {
  '--ground': '#f6f7f9',
  '--paper': '#ffffff',
  '--raised': '#ffffff',
  '--ink': '#16181d',
  '--soft': '#59616e',
  '--line': '#e3e6eb',
  '--edge': '#868e9c',
  '--bad': '#b42318',
  '--bad-ground': '#fef3f2',
  '--good': '#05603a',
  '--good-ground': '#edfcf2',
  '--warn': '#7a2e0e',
  '--warn-ground': '#fffaeb',
  '--note-ground': '#eef2fd',
  '--shadow': '0 1px 2px #10182810,0 12px 32px -8px #1018281f',
  '--lift': '0 1px 2px #1018280d',
}

const darkGround: Variables = {
  '--ground': '#0e1014',
  '--paper': '#171a20',
  '--raised': '#1e222a',
  '--ink': '#f2f4f7',
  '--soft': '#a4acb9',
  '--line': '#2b303a',
  '--edge': '#6d7685',
  '--bad': '#ff9e94',
  '--bad-ground': '#33191a',
  '--good': '#75e0a7',
  '--good-ground': '#11291d',
  '--warn': '#fdc97a',
  '--warn-ground': '#2d220f',
  '--note-ground': '#1e2433',
  '--shadow': '0 0 0 1px #ffffff0d,0 16px 40px -8px #000000a6',
  '--lift': '0 1px 2px #0000004d',
}
