/** How pages look, as a developer says it. */
export interface BrandOptions {
  /** What the app is called. */
  name: string
  /** Address of an image: `https:`, a path of this site, or `data:image/…`. Shown at most 40 px high. */
  logo?: string | undefined
  /** The colour of buttons and links, `#rgb` or `#rrggbb`. */
  color?: string | undefined
  /** The same on a dark ground; made from `color` where it is undefined. */
  darkColor?: string | undefined
  /** `auto` follows the reader's system. */
  scheme?: 'auto' | 'light' | 'dark' | undefined
  /** Radius of corners in px, 0 to 24. */
  radius?: number | undefined
  /** A font stack, such as `"Inter", system-ui, sans-serif`. */
  font?: string | undefined
  /** Address of a style sheet that is loaded after ours: `https:` or a path of this site. */
  stylesheet?: string | undefined
}

/** A checked brand: `createBrand(options)`. */
export interface Brand {
  readonly name: string
  readonly logo: string | undefined
  readonly scheme: 'auto' | 'light' | 'dark'
  readonly stylesheet: string | undefined
  /** Declarations of CSS variables for a light and a dark ground. */
  readonly variables: { readonly light: string; readonly dark: string; readonly both: string }
}
