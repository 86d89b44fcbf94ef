import { hash } from 'node:crypto'
import type { Entity, ResourceName } from '../resources/registry.ts'
import { refuse } from '../schema/problems.ts'
import { joinMembers, stringifyJson, topLevelMembers } from '../std/json.ts'
import type { Condition, CustomDataMembers, Work } from './context.ts'
import { record } from './events/record.ts'
import { modifiedNow } from './modified.ts'
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
  condition?: Condition,
): Promise<CustomDataRecord> {
  const entries = checkCustomData(members)
  const { before, holder } = state === 'new' ? {} : await current(work, owner, condition)
  const merged = before ? topLevelMembers(before.json) : new Map<string, string>()
  for (const [name, value] of entries) merged.set(name, stringifyJson(value))
  const after = replacement(work, before, joinMembers(merged))
  await Promise.all([
    work.tx.putCustomData(owner, work.context.tenant, after),
    holder && entries.length > 0 && recordChange(work, owner, holder, after),
  ])
  return after
}

/** Removes one member, or all of them; the empty resource stays. False when there was no such member. */
export async function removeCustomData(work: Work, owner: Ref, name?: string, condition?: Condition): Promise<boolean> {
  const { before, holder } = await current(work, owner, condition)
  const members = name === undefined ? new Map<string, string>() : topLevelMembers(before.json)
  if (name !== undefined && !members.delete(name)) return false
  const after = replacement(work, before, joinMembers(members))
  await Promise.all([
    work.tx.putCustomData(owner, work.context.tenant, after),
    recordChange(work, owner, holder, after),
  ])
  return true
}

/** The owner's row, which serialises writers of its custom data on PostgreSQL, and what it has. @throws Problem notFound | preconditionFailed */
async function current(
  work: Work,
  owner: Ref,
  condition: Condition | undefined,
): Promise<{ before: CustomDataRecord; holder: Entity }> {
  const { tx, context } = work
  // Sent together, answered in this order.
  const [holder, before] = await Promise.all([
    tx.lock(owner.resource as ResourceName, context.tenant, owner.id),
    tx.customData(owner, context.tenant),
  ])
  if (!holder || !before) return refuse('notFound', {})
  if (condition && !condition(before.modifiedAt)) refuse('preconditionFailed', {})
  return { before, holder }
}

function replacement(work: Work, before: CustomDataRecord | undefined, json: string): CustomDataRecord {
  if (Buffer.byteLength(json) > CUSTOM_DATA_LIMIT) refuse('customDataTooLarge', { limit: CUSTOM_DATA_LIMIT })
  return { json, createdAt: before?.createdAt ?? work.now, modifiedAt: modifiedNow(work, before) }
}

/** Custom data enters the event only as a digest and a size. */
async function recordChange(work: Work, owner: Ref, holder: Entity, after: CustomDataRecord): Promise<void> {
  const digest = hash('sha256', after.json, 'hex')
  await record(work, {
    type: 'customData.updated',
    resource: owner,
    entity: holder,
    changed: ['customData'],
    facts: { customData: { sha256: digest, size: Buffer.byteLength(after.json) } },
  })
}
