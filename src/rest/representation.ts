import type { Hrefs } from '../core/href.ts'
import type { CustomDataRecord, Ref } from '../core/ports.ts'
import { type Entity, type ResourceName, registry } from '../resources/registry.ts'
import { type Attribute, isShown, variantsOf } from '../schema/attribute.ts'
import { isShownLink, type Link } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import { toIso } from '../std/iso.ts'

/** What may stand in one representation besides what the entity itself holds. */
export interface Rendering {
  /** JSON texts of expanded links by name. */
  expanded?: ReadonlyMap<string, string> | undefined
  /** Sealed attributes in the form in which the request may see them, derived ones as JSON, by name. */
  revealed?: ReadonlyMap<string, string> | undefined
}

/** The JSON texts of resources under one base URL (contract/rest.md 1.2, 1.6). */
export interface Representations {
  /** Canonical order: href, times, attributes, links. Unexpanded links hold nothing but their href. */
  represent(resource: ResourceName, entity: Entity, rendering?: Rendering): string
  /** Custom data of one owner: what we show always, then its own members as they were written. */
  representCustomData(owner: Ref, record: CustomDataRecord): string
  hrefOf(resource: ResourceName, id: string): string
}

type Row = Readonly<Record<string, unknown>>
/** One member of a representation, with its comma. */
type Piece = (row: Row, href: string, rendering: Rendering | undefined) => string
interface Compiled {
  hrefOf(id: string): string
  pieces: readonly Piece[]
}

/** Compiles every declaration once: a representation is then a row of short texts put together. */
export function createRepresentations(hrefs: Hrefs): Representations {
  const compiled = new Map<string, Compiled>()
  for (const resource of Object.values(registry) as Resource[]) {
    if (!resource.open) compiled.set(resource.name, compile(resource, hrefs))
  }
  const of = (resource: ResourceName): Compiled => {
    const found = compiled.get(resource)
    if (!found) throw new Error(`${resource} has no representation of its own`)
    return found
  }
  return {
    hrefOf: (resource, id) => of(resource).hrefOf(id),
    represent(resource, entity, rendering) {
      const { hrefOf, pieces } = of(resource)
      const href = hrefOf(entity.id)
      let text = `{"href":"${href}"`
      for (const piece of pieces) text += piece(entity as Row, href, rendering)
      return `${text}}`
    },
    representCustomData({ resource, id }, { json, createdAt, modifiedAt }) {
      const own = `"href":"${hrefs.toHref(resource, id)}/customData",${times(createdAt, modifiedAt)}`
      return json === '{}' ? `{${own}}` : `{${own},${json.slice(json.indexOf('{') + 1)}`
    },
  }
}

const times = (createdAt: number, modifiedAt: number): string =>
  `"createdAt":"${toIso(createdAt)}","modifiedAt":"${toIso(modifiedAt)}"`

function compile(resource: Resource, hrefs: Hrefs): Compiled {
  const pieces: Piece[] = []
  const only = (variants: readonly string[] | undefined, piece: Piece) =>
    onlyOf(resource.variant ?? '', variants, piece)
  if (resource.showsId) pieces.push(({ id }) => `,"id":${JSON.stringify(id)}`)
  pieces.push(({ createdAt, modifiedAt }) => `,${times(createdAt as number, modifiedAt as number)}`)
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (isShown(attribute)) pieces.push(only(variantsOf(attribute), attributePiece(name, attribute, hrefs)))
  }
  for (const [name, link] of Object.entries(resource.links)) {
    const variants = link.kind === 'part' ? link.variants : undefined
    if (isShownLink(link)) pieces.push(only(variants, linkPiece(name, link, hrefs, resource)))
  }
  return { hrefOf: hrefMaker(resource, hrefs), pieces }
}

/** What only some variants of the resource show. */
function onlyOf(variant: string, variants: readonly string[] | undefined, piece: Piece): Piece {
  if (!variants) return piece
  return (row, href, rendering) => (variants.includes(row[variant] as string) ? piece(row, href, rendering) : '')
}

function hrefMaker({ name, path, nested }: Resource, hrefs: Hrefs): (id: string) => string {
  if (!nested) return (id) => hrefs.toHref(name as ResourceName, id)
  const owner = ownerOf(name)
  return (id) => `${hrefs.toHref(owner, id)}/${path}`
}

/** The resource that a part belongs to. */
function ownerOf(part: string): ResourceName {
  for (const { name, links } of Object.values(registry) as Resource[]) {
    if (Object.values(links).some((link) => link.kind === 'part' && link.target === part)) return name as ResourceName
  }
  throw new Error(`no resource has the part ${part}`)
}

function attributePiece(name: string, attribute: Attribute, hrefs: Hrefs): Piece {
  const key = `,${JSON.stringify(name)}:`
  switch (attribute.kind) {
    case 'string':
      return attribute.sealed && !attribute.secret
        ? sealedPiece(name, key, attribute.extra === true)
        : (row) => key + JSON.stringify(row[name])
    case 'datetime':
      return (row) => (row[name] === null ? `${key}null` : `${key}"${toIso(row[name] as number)}"`)
    case 'enum':
      return (row) => (row[name] === null ? `${key}null` : `${key}"${row[name]}"`)
    case 'boolean':
      return (row) => (row[name] === true || attribute.extra !== true ? key + String(row[name]) : '')
    case 'integer':
      return (row) => key + String(row[name])
    case 'strings':
    case 'switches':
    case 'list':
      return (row) => key + JSON.stringify(row[name])
    case 'derived':
      return (_row, _href, rendering) => key + requireRevealed(name, rendering)
    case 'object': {
      const { origin } = new URL(hrefs.base)
      const shown = (member: string, text: string) =>
        attribute.members[member]?.format === 'url' && text.startsWith('/') ? origin + text : text
      return (row) => {
        const texts = row[name] as Record<string, string> | null
        if (texts === null) return ''
        return key + JSON.stringify(texts, (member, text) => (typeof text === 'string' ? shown(member, text) : text))
      }
    }
    case 'joined':
      return (row) => {
        const present = attribute.from.map((part) => row[part]).filter((part) => part !== null)
        return key + (present.length === 0 ? 'null' : JSON.stringify(present.join(' ')))
      }
  }
}

function sealedPiece(name: string, key: string, isExtra: boolean): Piece {
  return (row, _href, rendering) => {
    if (isExtra && !rendering?.revealed?.has(name)) return ''
    return key + (row[name] === null ? 'null' : JSON.stringify(requireRevealed(name, rendering)))
  }
}

function requireRevealed(name: string, rendering: Rendering | undefined): string {
  const revealed = rendering?.revealed?.get(name)
  if (revealed === undefined) throw new Error(`${name} is sealed and was not opened`)
  return revealed
}

function linkPiece(name: string, link: Link, hrefs: Hrefs, owner: Resource): Piece {
  const key = `,${JSON.stringify(name)}:`
  if (link.kind === 'secret') {
    const { attribute, path } = link
    const href = `${hrefs.base}/${owner.path}/${path}/`
    return (row, _href, rendering) =>
      key + (row[attribute] === null ? 'null' : `{"href":"${href}${requireRevealed(attribute, rendering)}"}`)
  }
  const plain = plainLink(name, link, hrefs)
  return (row, href, rendering) => key + (rendering?.expanded?.get(name) ?? plain(row, href))
}

function plainLink(name: string, link: Link, hrefs: Hrefs): (row: Row, href: string) => string {
  if (link.kind === 'one') {
    return (row) => {
      const target = toTarget(row[name], link.targets)
      return target ? `{"href":"${hrefs.toHref(target.resource, target.id)}"}` : 'null'
    }
  }
  if (link.kind === 'endpoint' && link.path !== undefined) {
    const { path } = link
    return (row) => `{"href":"${hrefs.base}/${path.replace(':id', row.id as string)}"}`
  }
  const part = link.kind === 'part' ? (registry[link.target as ResourceName] as Resource) : undefined
  if (part && !part.nested) return (row) => `{"href":"${hrefs.toHref(part.name as ResourceName, row.id as string)}"}`
  const segment = part ? part.path : name
  return (_row, href) => `{"href":"${href}/${segment}"}`
}

/** The target of a to-one link as an entity holds it: an id, or a reference where there are several kinds of target. */
export function toTarget(value: unknown, targets: readonly string[]): Ref | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'string' ? { resource: targets[0] as ResourceName, id: value } : (value as Ref)
}
