/** Red, green and blue, 0 to 255 each. */
export type Color = readonly [number, number, number]

export const black: Color = [0, 0, 0]
export const white: Color = [255, 255, 255]

/** `#rgb` or `#rrggbb`; undefined when it is neither. */
export function parseColor(text: string): Color | undefined {
  if (!/^#([\da-f]{3}|[\da-f]{6})$/i.test(text)) return undefined
  const digits = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit).join('') : text.slice(1)
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Color
}

/** As `#rrggbb`. */
export function toHex(color: Color): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

/** How far two colours stand apart, from 1 to 21. (WCAG 2.2, contrast ratio) */
export function contrast(a: Color, b: Color): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: Color): number {
  const [r, g, b] = color.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Color
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** `share` of `b` in `a`. */
export function mix(a: Color, b: Color, share: number): Color {
  return a.map((part, index) => part + ((b[index] as number) - part) * share) as unknown as Color
}

/** Black or white, whichever reads better; one of them always has a contrast above 4.5. */
export function textOn(ground: Color): Color {
  return contrast(ground, white) >= contrast(ground, black) ? white : black
}

/** The colour, moved towards `end` only as far as it needs to be read on all of these grounds. (WCAG 2.2, 1.4.3) */
export function readableOn(color: Color, grounds: readonly Color[], end: Color): Color {
  for (let share = 0; share < 1; share += 0.02) {
    const moved = mix(color, end, share).map(Math.round) as unknown as Color
    if (grounds.every((ground) => contrast(moved, ground) >= 4.5)) return moved
  }
  return end
}
