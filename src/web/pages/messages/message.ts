import type { en } from './en.ts'

/** The name of a text of the catalogue. */
export type MessageKey = keyof typeof en

/** A text, or one for each plural category that the language has. (`Intl.PluralRules`) */
export type Template = string | ({ readonly other: string } & { readonly [C in Intl.LDMLPluralRule]?: string })

type Names<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type TextsOf<T> = T extends string ? T : T[keyof T]
type NamesIn<K extends MessageKey> = Names<TextsOf<(typeof en)[K]>> | ((typeof en)[K] extends string ? never : 'count')

/** What the text `K` needs to know. */
export type Values<K extends MessageKey> = { readonly [N in NamesIn<K>]: N extends 'count' ? number : Text | number }

/** A text by its name, to be written in the language of whoever reads it. */
export interface Message {
  readonly key: MessageKey
  readonly values?: { readonly [name: string]: Text | number }
}

/** What a person reads: a text of the catalogue, or words of the developer's own, which are shown as they are. */
export type Text = Message | string

/**
 * A text of the catalogue. The compiler asks for the values that it needs.
 *
 * @example message('problem.passwordTooShort', { min: 10 })
 */
export function message<K extends MessageKey>(
  key: K,
  ...[values]: [NamesIn<K>] extends [never] ? [] : [Values<K>]
): Message {
  return values === undefined ? { key } : { key, values: values as NonNullable<Message['values']> }
}
