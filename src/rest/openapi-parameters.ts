import type { Attribute } from '../schema/attribute.ts'
import { isExpandable, type ToMany } from '../schema/link.ts'
import type { CreationFlag, Resource } from '../schema/resource.ts'
import { searchableAttributes } from './criteria.ts'
import type { Json } from './openapi-attributes.ts'
import { sortableAttributes } from './order-by.ts'

/** Parameters that look the same wherever they occur. */
export const sharedParameters: Json = {
  offset: query('offset', 'How many members to skip.', { type: 'integer', minimum: 0, default: 0 }),
  limit: query('limit', 'Most members on a page. More than 100 means 100.', {
    type: 'integer',
    minimum: 1,
    default: 25,
  }),
  encryptSecret: query('encryptSecret', 'Shows secrets encrypted under the secret of the API key that asks.', {
    type: 'boolean',
    default: false,
  }),
  encryptionKeySalt: query('encryptionKeySalt', 'Base64 of the salt; needed when secrets are encrypted.', {
    type: 'string',
  }),
  encryptionKeySize: query('encryptionKeySize', 'Bits of the AES key.', {
    type: 'integer',
    enum: [128, 192, 256],
    default: 128,
  }),
  encryptionKeyIterations: query('encryptionKeyIterations', 'Rounds of PBKDF2-HMAC-SHA1.', {
    type: 'integer',
    minimum: 1,
    maximum: 65_536,
    default: 1024,
  }),
  idempotencyKey: header(
    'Idempotency-Key',
    'Makes the creation repeatable: within a day the same request with the same key creates nothing more and is answered alike, with `Idempotent-Replayed: true`. With another request, 422; while the first is under way, 409.',
    { type: 'string', minLength: 1, maxLength: 255 },
  ),
  ifMatch: header('If-Match', 'Only where the resource still has one of these entity tags; else 412.', {
    type: 'string',
  }),
  ifNoneMatch: header('If-None-Match', 'Only where the resource has another entity tag; else 304.', { type: 'string' }),
}

/** What carries an entity tag (`ETag`) can be read, changed and deleted by it. */
export const readingConditions: readonly Json[] = [shared('ifNoneMatch')]
export const changingConditions: readonly Json[] = [shared('ifMatch')]

function shared(name: string): Json {
  return { $ref: `#/components/parameters/${name}` }
}

function header(name: string, description: string, schema: Json): Json {
  return { name, in: 'header', description, schema }
}

/** What a collection of `resource` can be asked for. */
export function listParameters(resource: Resource, { customData, requires }: ToMany): Json[] {
  const sortable = sortableAttributes(resource)
  const alsoCustomData = customData ? ' `customData.key` too.' : ''
  return [
    ...(requires === undefined ? [] : [{ ...query(requires, 'Matched exactly.', { type: 'string' }), required: true }]),
    shared('offset'),
    shared('limit'),
    query('q', 'Text inside any of the searchable texts, in any case.', { type: 'string', minLength: 1 }),
    ...searchableAttributes(resource).map((name) => criterion(name, resource.attributes[name])),
    ...(customData ? [customDataCriteria] : []),
    query(
      'orderBy',
      `Comma-separated, each with \`asc\` (when absent) or \`desc\` after a blank: ${sortable.join(', ')}.${alsoCustomData}`,
      { type: 'string', ...(!customData && { pattern: orderPattern(sortable) }) },
    ),
  ]
}

/** The links that may be expanded, wherever the resource is shown. */
export function expandParameters(resource: Resource): Json[] {
  const links = expandableLinks(resource)
  if (links.length === 0) return []
  const description = `Links to show whole instead of by their address, comma-separated: ${links.join(', ')}. Collections take \`(offset:0,limit:25)\`.`
  const each = `(${links.join('|')})(\\((offset|limit):\\d+(,(offset|limit):\\d+)?\\))?`
  return [query('expand', description, { type: 'string', pattern: `^${each}(,${each})*$` })]
}

/** Names of the links that `expand` understands. */
export function expandableLinks({ links }: Resource): string[] {
  return Object.entries(links)
    .filter(([, link]) => isExpandable(link))
    .map(([name]) => name)
}

/** How secrets are shown, where one is. */
export function secretParameters({ attributes }: Resource): Json[] {
  const shows = Object.values(attributes).some((attribute) => attribute.kind === 'string' && attribute.encryptable)
  if (!shows) return []
  return ['encryptSecret', 'encryptionKeySalt', 'encryptionKeySize', 'encryptionKeyIterations'].map(shared)
}

/** What a creation understands besides its body. */
export function creationParameters({ creationFlags = [] }: Resource): Json[] {
  return [...creationFlags.map((flag) => creation[flag]), shared('idempotencyKey')]
}

const creation: Record<CreationFlag, Json> = {
  createDirectory: query(
    'createDirectory',
    'Also creates a directory and maps it as the default store: `true`, or its name.',
    {
      type: 'string',
      maxLength: 255,
    },
  ),
  registrationWorkflowEnabled: query('registrationWorkflowEnabled', '`false` leaves out verification and mails.', {
    type: 'boolean',
  }),
  existing: query(
    'existing',
    '`notify`: where addresses are verified, one that has an account is answered 202 instead of 409, and its owner is mailed.',
    { type: 'string', enum: ['notify', 'refuse'], default: 'refuse' },
  ),
  passwordFormat: query('passwordFormat', '`mcf`: the password is a hash in modular crypt format, to import.', {
    type: 'string',
    enum: ['mcf'],
  }),
}

const customDataCriteria: Json = {
  name: 'customData',
  in: 'query',
  description:
    'Any number of `customData.key=value`, nested keys by `customData.a.b`. Values as for texts; numbers and dates also as ranges such as `[0,1000)` or `[2015-01,]`.',
  style: 'form',
  explode: true,
  schema: { type: 'object', patternProperties: { '^customData\\.': { type: 'string' } }, additionalProperties: false },
}

function query(name: string, description: string, schema: Json): Json {
  return { name, in: 'query', description, schema }
}

function criterion(name: string, attribute: Attribute | undefined): Json {
  switch (attribute?.kind) {
    case 'enum':
      return query(name, 'Is this value, in any case.', { type: 'string', enum: [...attribute.values] })
    case 'boolean':
      return query(name, 'Is this value.', { type: 'boolean' })
    case 'integer':
      return query(name, 'Is this number.', { type: 'integer' })
    case 'string':
      return query(name, 'Is this text, in any case; `*` at its start or end stands for anything.', { type: 'string' })
    default:
      return query(
        name,
        'A year, month, day, hour, minute or second, such as `2015-01`, for everything inside it; or a range such as `[2015-01-01,2015-02-01)`, either end of which may be left out.',
        { type: 'string' },
      )
  }
}

function orderPattern(names: readonly string[]): string {
  const each = `(${names.join('|')})( (asc|desc))?`
  return `^${each}(,${each})*$`
}
