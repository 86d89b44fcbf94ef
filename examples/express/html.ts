/** Markup of which every value was escaped. */
class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A page from a template: whatever people typed is shown as text, never as markup. Conditions may give `undefined`. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup(strings.reduce((page, text, i) => page + toText(values[i - 1]) + text))
}

export const raw = (trusted: string): Markup => new Markup(trusted)

function toText(value: unknown): string {
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(toText).join('')
  return String(value ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

export function layout(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
${body}
</html>`.text
}
