/** Anything that knows its address: a link, a resource, an object of your own. */
export interface Reference {
  readonly href: string
}

/** Whether a value names the address of something. */
export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'href' in value && typeof value.href === 'string'
}
