import { isExtra, isRequired, isShown, isWritable, type WriteMode } from '../schema/attribute.ts'
import { isSettable, isShownLink, type Link } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import { dateTime, described, type Json, settableAttribute, shownAttribute } from './openapi-attributes.ts'

/** Looks a declaration up by name. */
export type Declarations = Readonly<Record<string, Resource>>

const uri = { type: 'string', format: 'uri' }
const nothing = { type: 'null' }

/** Reference to a schema of the document. */
export const refTo = (schema: string): Json => ({ $ref: `#/components/schemas/${schema}` })

/** `groupMembership` as schemas and operations name it. */
export const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** The schemas of a resource: how it is shown, alone and in collections, and what may be sent to create or change it. */
export function resourceSchemas(resource: Resource, declarations: Declarations): Json {
  // What clients cannot even read is none of their business.
  if (resource.operations.length === 0) return {}
  const title = titleOf(resource.name)
  if (resource.open) return { [title]: openSchema(resource, true), [`${title}Input`]: openSchema(resource, false) }
  return {
    [title]: representation(resource, declarations),
    ...(isListed(resource, declarations) && { [`${title}Collection`]: collection(title) }),
    ...(isCreated(resource) && { [`${title}Create`]: input(resource, 'create', declarations) }),
    ...(resource.operations.includes('update') && { [`${title}Update`]: input(resource, 'update', declarations) }),
  }
}

/** What the answer to an action shows: the links of its declaration, and what nobody sends. */
export function actionResult({ attributes, links }: Resource, declarations: Declarations): Json {
  const told = Object.entries(attributes).filter(([, attribute]) => attribute.write === 'never')
  const properties = [
    ...told.map(([name, attribute]) => [name, shownAttribute(attribute)]),
    ...Object.entries(links).map(([name, link]) => [name, shownLink(link, declarations)]),
  ]
  return { type: 'object', required: properties.map(([name]) => name), properties: Object.fromEntries(properties) }
}

/** What an action is sent. */
export const actionInput = (declaration: Resource): Json => input(declaration, 'create', {})

/** The schemas that belong to no resource. */
export const commonSchemas: Json = {
  Link: { type: 'object', description: 'A resource by its address.', required: ['href'], properties: { href: uri } },
  Error: {
    type: 'object',
    required: ['status', 'code', 'message', 'developerMessage', 'moreInfo', 'requestId'],
    properties: {
      status: { type: 'integer', description: 'The HTTP status.' },
      code: { type: 'integer', description: 'The kind of problem; the status itself where there is no finer one.' },
      message: { type: 'string', description: 'Fit for end users.' },
      developerMessage: { type: 'string', description: 'What went wrong, for developers.' },
      moreInfo: { ...uri, description: 'Where the code is explained.' },
      requestId: { type: 'string', format: 'uuid', description: 'Finds the request in the log of the service.' },
    },
  },
}

function openSchema({ description }: Resource, shown: boolean): Json {
  return {
    type: 'object',
    description,
    ...(shown && { required: ['href', 'createdAt', 'modifiedAt'] }),
    properties: shown ? { href: uri, createdAt: dateTime, modifiedAt: dateTime } : {},
    additionalProperties: true,
  }
}

function representation(resource: Resource, declarations: Declarations): Json {
  const properties: Record<string, Json> = { href: uri }
  if (resource.showsId) properties.id = { type: 'string', description: 'The last segment of the href.' }
  properties.createdAt = dateTime
  properties.modifiedAt = dateTime
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (isShown(attribute)) properties[name] = shownAttribute(attribute)
  }
  for (const [name, link] of Object.entries(resource.links)) {
    if (isShownLink(link)) properties[name] = shownLink(link, declarations)
  }
  const required = Object.keys(properties).filter((name) => {
    const attribute = resource.attributes[name]
    const link = resource.links[name]
    return attribute?.kind !== 'object' && !isExtra(attribute) && !(link?.kind === 'part' && link.variants)
  })
  return { type: 'object', description: resource.description, required, properties }
}

function collection(title: string): Json {
  return {
    type: 'object',
    required: ['href', 'offset', 'limit', 'size', 'items'],
    properties: {
      href: { ...uri, description: 'Without a query string.' },
      offset: { type: 'integer', minimum: 0 },
      limit: { type: 'integer', minimum: 1, maximum: 100, description: 'The effective one.' },
      size: { type: 'integer', minimum: 0, description: 'Number of all matches, not of the items here.' },
      items: { type: 'array', items: refTo(title) },
    },
  }
}

function input(resource: Resource, mode: WriteMode, declarations: Declarations): Json {
  const properties: Record<string, Json> = {}
  const required: string[] = []
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (!isWritable(attribute, mode)) continue
    properties[name] = settableAttribute(attribute, mode)
    if (mode === 'create' && isRequired(attribute)) required.push(name)
  }
  for (const [name, link] of Object.entries(resource.links)) {
    const schema = settableLink(link, mode, declarations)
    if (schema) properties[name] = described(link, schema)
  }
  return { type: 'object', ...(required.length > 0 && { required }), properties }
}

/** Links in bodies: what a new resource belongs to, and parts that come nested. */
function settableLink(link: Link, mode: WriteMode, declarations: Declarations): Json | undefined {
  if (link.kind === 'one') {
    if (!isSettable(link, mode)) return undefined
    return link.required ? refTo('Link') : { anyOf: [refTo('Link'), nothing] }
  }
  const part = link.kind === 'part' ? declarations[link.target] : undefined
  if (part?.open) return refTo(`${titleOf(part.name)}Input`)
  return part?.comesNested && mode === 'create' ? refTo(`${titleOf(part.name)}Create`) : undefined
}

function shownLink(link: Link, declarations: Declarations): Json {
  if (link.kind === 'action' || link.kind === 'endpoint') return described(link, refTo('Link'))
  if (link.kind === 'secret') return described(link, { anyOf: [refTo('Link'), nothing] })
  const targets = link.kind === 'one' ? link.targets : [link.target]
  const suffix = link.kind === 'many' ? 'Collection' : ''
  const known = targets.filter((target) => declarations[target]).map((target) => refTo(titleOf(target) + suffix))
  // What is expanded is a link with further members: the larger one comes first.
  const shapes = link.expandable ? [...known, refTo('Link')] : [refTo('Link')]
  const shape = shapes.length === 1 ? (shapes[0] as Json) : { anyOf: shapes }
  if (link.kind !== 'one' || link.required) return described(link, shape)
  return described(link, { anyOf: [...shapes, nothing] })
}

/** By itself, or as a part in the creation of its owner. */
function isCreated({ operations, comesNested }: Resource): boolean {
  return operations.includes('create') || comesNested === true
}

function isListed(resource: Resource, declarations: Declarations): boolean {
  return Object.values(declarations).some(({ links }) =>
    Object.values(links).some((link) => link.kind === 'many' && link.target === resource.name),
  )
}
