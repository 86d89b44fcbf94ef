import type { Entity, ResourceName } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import type { Call } from './call.ts'

/** A page of the usual size is read in one go. */
const AT_ONCE = 25
/** Most characters of custom data in one answer: one owner may hold ten megabytes, a page a hundred owners. */
const MOST = 64 * 1024 * 1024

/**
 * The JSON texts of the custom data of owners of one kind.
 *
 * @throws Problem queryValueInvalid when together they are too large for one answer
 */
export async function presentCustomData(
  { engine, context, representations }: Call,
  resource: ResourceName,
  owners: readonly Entity[],
): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = []
  let size = 0
  for (let start = 0; start < owners.length; start += AT_ONCE) {
    const ids = owners.slice(start, start + AT_ONCE).map(({ id }) => id)
    const records = await engine.customDataOf(context, resource, ids)
    for (const id of ids) {
      const record = records.get(id)
      texts.push(record && representations.representCustomData({ resource, id }, record))
      size += record?.json.length ?? 0
    }
    if (size > MOST) {
      refuse('queryValueInvalid', { parameter: 'expand', reason: 'asks for more custom data than one answer may hold' })
    }
  }
  return texts
}
