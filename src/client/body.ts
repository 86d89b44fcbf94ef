import { exactNumber } from './numbers.ts'
import { isReference } from './reference.ts'

/**
 * The JSON text of what is sent. A link or resource given as a member is sent as its address alone; a bigint as a number
 * of all its digits; raw numbers as they were written.
 */
export function toBody(members: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(members).map(toMember)), (_name, value) =>
    typeof value === 'bigint' ? exactNumber(String(value)) : value,
  )
}

function toMember([name, value]: [string, unknown]): [string, unknown] {
  return [name, name !== 'customData' && isReference(value) ? { href: value.href } : value]
}
