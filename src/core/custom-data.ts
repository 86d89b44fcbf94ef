import { createHash } from 'node:crypto'
import type { ResourceName } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { joinMembers, stringifyJson, topLevelMembers } from '../std/json.ts'
import type { CustomDataMembers, Work } from './context.ts'
import { record } from './events/record.ts'
import type { CustomDataRecord, Ref } from './ports.ts'

/** Most bytes of custom data one resource may hold (contract/rest.md 11). */
export const CUSTOM_DATA_LIMIT = 10 * 1024 * 1024

const SHOWN_BY_US = new Set(['href', 'createdAt', 'modifiedAt'])
const RESERVED = new Set(['meta', 'spMeta', 'spmeta', 'ionmeta', 'ionMeta'])
const NAME = /^[0-9A-Za-z_][0-9A-Za-z_-]*$/

/**
 * The members a client may set: those we show ourselves are dropped, bad names are refused.
 * @throws Problem customDataNameEmpty | customDataNameTooLong | customDataNameReserved | customDataNameInvalid
 */
export function checkCustomData(members: CustomDataMembers): [string, unknown][] {
  const entries = Object.entries(members).filter(([name]) => !SHOWN_BY_US.has(name))
  for (const [name] of entries) checkCustomDataName(name)
  return entries
}

function checkCustomDataName(name: string): void {
  if (name === '') refuse('customDataNameEmpty', {})
  if (name.length > 255) refuse('customDataNameTooLong', { name })
  if (RESERVED.has(name)) refuse('customDataNameReserved', { name })
  if (!NAME.test(name) || name === '__proto__') refuse('customDataNameInvalid', { name })
}

/** Merges members into the custom data of an owner, top level only; null is a value and stays. */
export async function mergeCustomData(
  work: Work,
  owner: Ref,
  members: CustomDataMembers,
  state: 'new' | 'existing',
): Promise<CustomDataRecord> {
  const entries = checkCustomData(members)
  const before = state === 'new' ? undefined : await current(work, owner)
  const merged = before ? topLevelMembers(before.json) : new Map<string, string>()
  for (const [name, value] of entries) merged.set(name, stringifyJson(value))
  const after = await put(work, owner, before, joinMembers(merged))
  if (entries.length > 0 && state === 'existing') await recordChange(work, owner, after)
  return after
}

/** Removes one member, or all of them; the empty resource stays. False when there was no such member. */
export async function removeCustomData(work: Work, owner: Ref, name?: string): Promise<boolean> {
  const before = await current(work, owner)
  const members = name === undefined ? new Map<string, string>() : topLevelMembers(before.json)
  if (name !== undefined && !members.delete(name)) return false
  await recordChange(work, owner, await put(work, owner, before, joinMembers(members)))
  return true
}

async function current(work: Work, owner: Ref): Promise<CustomDataRecord> {
  // The owner's row serialises writers of its custom data on PostgreSQL.
  await work.tx.lock(owner.resource as ResourceName, work.context.tenant, owner.id)
  const found = await work.tx.customData(owner, work.context.tenant)
  return found ?? refuse('notFound', {})
}

async function put(
  work: Work,
  owner: Ref,
  before: CustomDataRecord | undefined,
  json: string,
): Promise<CustomDataRecord> {
  if (Buffer.byteLength(json) > CUSTOM_DATA_LIMIT) refuse('customDataTooLarge', { limit: CUSTOM_DATA_LIMIT })
  const after = { json, createdAt: before?.createdAt ?? work.now, modifiedAt: work.now }
  await work.tx.putCustomData(owner, work.context.tenant, after)
  return after
}

/** Custom data enters the event only as a digest and a size. */
async function recordChange(work: Work, owner: Ref, after: CustomDataRecord): Promise<void> {
  const digest = createHash('sha256').update(after.json).digest('hex')
  await record(work, {
    type: 'customData.updated',
    resource: owner,
    changed: ['customData'],
    facts: { customData: { sha256: digest, size: Buffer.byteLength(after.json) } },
  })
}
