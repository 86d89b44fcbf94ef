import { isCounted } from '../counts.ts'
import type { Ask } from './ask.ts'
import { columnOf } from './operand.ts'
import { keptSize } from './size.ts'
import type { Source, Way } from './source.ts'

/**
 * For a page in the order of one attribute: where a group, say, has a good part of all accounts, its members are met
 * sooner on a walk through all accounts in that order than by sorting them.
 */
export async function chooseWalks({ access, query, source }: Ask): Promise<Source> {
  const { resource, tenant, orderBy = [], offset, limit } = query
  const [order] = orderBy
  if (orderBy.length !== 1 || !order || !('attribute' in order.on)) return source
  if (!columnOf(resource, order.on.attribute).indexed || !isCounted(resource, 'tenant')) return source
  if (!source.ways.some(({ kind }) => kind === 'joined')) return source

  const all = await keptSize(access, { tenant, resource, scope: 'tenant', owner: tenant })
  const choose = async (way: Way): Promise<Way> => {
    if (way.kind !== 'joined' || !isCounted(way.through, way.from)) return way
    const members = await keptSize(access, { tenant, resource: way.through, scope: way.from, owner: way.owner })
    const walked = members === 0 ? Number.POSITIVE_INFINITY : ((offset + limit) * all) / members
    return { ...way, walks: walked < members }
  }
  return { ...source, ways: await Promise.all(source.ways.map(choose)) }
}
