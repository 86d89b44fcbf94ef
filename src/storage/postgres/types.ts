import type { CustomTypesConfig } from 'pg'

const bool = 16
const bytea = 17
const int8 = 20
const int2 = 21
const int4 = 23
const float4 = 700
const float8 = 701
const numeric = 1700

/** How columns arrive, for our connections only: as `Value`, the same as from SQLite. Everything not named is text. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [bool]: (text) => (text === 't' ? 1 : 0),
  [bytea]: (text) => Buffer.from(text.slice(2), 'hex'),
  [int2]: Number,
  [int4]: Number,
  [int8]: safeInteger,
  [float4]: Number,
  [float8]: Number,
  // what `sum` of integers answers
  [numeric]: (text) => (text.includes('.') ? Number(text) : safeInteger(text)),
}

export const columnTypes: CustomTypesConfig = {
  getTypeParser: (oid: number) => parsers[oid] ?? String,
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`the integer ${text} of the database does not fit a number`)
  return value
}
