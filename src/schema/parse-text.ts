import { parseDuration } from '../std/duration.ts'
import { identityKey } from '../std/fold.ts'
import { isLine, isMailbox } from '../std/mail-address.ts'
import { isWellFormedText } from '../std/text.ts'
import type { StringOptions, TextFormat } from './attribute.ts'
import { refuse } from './problems.ts'

/**
 * A text held to its declaration.
 *
 * @throws Problem wrongType | badEncoding | tooShort | tooLong | badFormat | invalid
 */
export function parseText(
  property: string,
  { min, max, format, lasts }: Pick<StringOptions, 'min' | 'max' | 'format' | 'lasts'>,
  value: unknown,
): string {
  if (typeof value !== 'string') return refuse('wrongType', { property, expected: 'a string' })
  if (!isWellFormedText(value)) refuse('badEncoding', { property })
  if (min !== undefined && value.length < min) refuse('tooShort', { property, min })
  if (max !== undefined && value.length > max) refuse('tooLong', { property, max })
  if (format) formats[format](property, value)
  if (lasts) checkLasting(property, lasts, value)
  return value
}

function checkLasting(property: string, { min, max, orZero }: NonNullable<StringOptions['lasts']>, text: string): void {
  const ms = parseDuration(text) ?? 0
  if ((ms >= min && ms <= max) || (orZero && ms === 0)) return
  const years = Math.floor(max / 31_536_000_000)
  const zero = orZero ? 'nothing, or ' : ''
  refuse('invalid', { property, reason: `it must last ${zero}between ${min / 1000} second and ${years} years` })
}

const formats: Record<TextFormat, (property: string, text: string) => void> = {
  identity(property, text) {
    if (identityKey(text) === undefined) {
      refuse('badFormat', { property, expected: 'letters, digits and the punctuation of email addresses' })
    }
  },
  email(property, text) {
    const at = text.lastIndexOf('@')
    if (at < 1 || at === text.length - 1 || text.indexOf('@') !== at || identityKey(text) === undefined) {
      refuse('badFormat', { property, expected: 'an email address' })
    }
  },
  domainRule(property, text) {
    if (text.includes('@') || identityKey(text) === undefined) {
      refuse('badFormat', { property, expected: 'a domain such as example.com, where * stands for any text' })
    }
  },
  nameKey(property, text) {
    if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text)) {
      refuse('badFormat', { property, expected: 'a-z, 0-9 and inner hyphens' })
    }
  },
  line(property, text) {
    if (!isLine(text)) refuse('badFormat', { property, expected: 'one line without control characters' })
  },
  mailbox(property, text) {
    if (!isMailbox(text)) refuse('badFormat', { property, expected: 'an email address' })
  },
  host(property, text) {
    if (!/^(?:[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?|\[?[0-9a-f:.]+\]?)$/i.test(text)) {
      refuse('badFormat', { property, expected: 'a host name or IP address' })
    }
  },
  url(property, text) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^\s\p{Cc}"<>\\^`{|}]+$/iu.exec(text)?.[1]?.toLowerCase()
    if (scheme === undefined || ACTIVE_SCHEMES.includes(scheme)) {
      refuse('badFormat', { property, expected: 'an absolute URL, such as https://www.example.com/verify' })
    }
  },
  webUrl(property, text) {
    const url = /[\s\p{Cc}]/u.test(text) ? null : URL.parse(text)
    const plain = url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
    if (!plain) refuse('badFormat', { property, expected: 'an https URL without user and fragment' })
  },
  eventType(property, text) {
    if (!/^[A-Za-z]+\.(?:[A-Za-z]+|\*)$/.test(text)) {
      refuse('badFormat', { property, expected: 'the type of an event, such as account.created or login.*' })
    }
  },
  endpoint(property, text) {
    const url = URL.parse(text)
    const ok = url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
    if (!ok) refuse('badFormat', { property, expected: 'an http or https URL, such as https://id.example.com/token' })
  },
  // The historical service counts a bad duration among invalid values, not formats (contract/rest.md 26).
  duration(property, text) {
    if (parseDuration(text) === undefined) refuse('invalid', { property, reason: 'it is no ISO-8601 duration' })
  },
}

/** Schemes whose addresses do something or read local files. */
const ACTIVE_SCHEMES = ['javascript', 'data', 'vbscript', 'file', 'blob', 'filesystem', 'about']
