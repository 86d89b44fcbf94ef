import { type ResourceName, registry } from '../resources/registry.ts'
import type { Resource } from '../schema/resource.ts'
import { isIdLike } from '../std/id.ts'
import type { Ref } from './ports.ts'

/** Writes and reads the addresses of resources under one base URL. */
export interface Hrefs {
  /** Without a slash at its end; what every href begins with, whatever host the client used. */
  readonly base: string
  /** The absolute address of a resource that has one of its own: every one but nested parts. */
  toHref(resource: ResourceName, id: string): string
  /**
   * What an absolute href names; undefined for what is no address of a resource under this base URL. Doubled slashes, a
   * slash at the end and a query are tolerated.
   */
  parseHref(href: string): Ref | undefined
}

const byPath = new Map<string, ResourceName>()
for (const [name, resource] of Object.entries(registry) as [ResourceName, Resource][]) {
  if (!resource.nested) byPath.set(resource.path, name)
}

/** The resource whose own addresses begin with this segment. */
export function resourceAt(segment: string): ResourceName | undefined {
  return byPath.get(segment)
}

/** @param baseUrl absolute, as `https://id.example.com/v1` */
export function createHrefs(baseUrl: string): Hrefs {
  const base = baseUrl.replace(/\/+$/, '')
  return {
    base,
    toHref: (resource, id) => `${base}/${registry[resource].path}/${id}`,
    parseHref(href) {
      if (!href.startsWith(`${base}/`)) return undefined
      const path = href.slice(base.length)
      const end = path.search(/[?#]/)
      const [segment = '', id = '', ...more] = (end === -1 ? path : path.slice(0, end)).split('/').filter(Boolean)
      const resource = resourceAt(segment)
      return resource && more.length === 0 && isIdLike(id) ? { resource, id } : undefined
    },
  }
}
