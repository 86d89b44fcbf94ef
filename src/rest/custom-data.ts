import type { CustomDataRecord, Ref } from '../core/ports.ts'
import type { ResourceName } from '../resources/registry.ts'
import { parseCustomData } from '../schema/parse.ts'
import { isObject } from '../schema/parse-attribute.ts'
import { refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { decodePercent } from '../std/form-encoding.ts'
import { type Call, idOf, reply } from './call.ts'
import { conditionOf, etagOf, unchanged } from './conditional.ts'
import { noContent } from './headers.ts'

interface CustomDataOperation {
  owner: ResourceName
}

/** GET of custom data (contract/rest.md 11). */
export async function readCustomData(call: Call, { owner }: CustomDataOperation): Promise<LightResponse> {
  const from: Ref = { resource: owner, id: idOf(call) }
  const record = (await call.engine.customData(call.context, from)) ?? refuse('notFound', {})
  return unchanged(call, record.modifiedAt) ?? show(call, from, record)
}

/** POST merges members at the top level; what we show ourselves is ignored, null is a value. */
export async function mergeCustomData(call: Call, { owner }: CustomDataOperation): Promise<LightResponse> {
  const from: Ref = { resource: owner, id: idOf(call) }
  const body = call.body ?? {}
  if (!isObject(body)) return refuse('bodyMalformed', { reason: 'a JSON object is expected' })
  if (Object.keys(body).length === 0) refuse('nothingToUpdate', { resource: 'customData' })
  const members = parseCustomData(body)
  if (!members) return readCustomData(call, { owner })
  return show(call, from, await call.engine.mergeCustomData(call.context, from, members, conditionOf(call)))
}

/** DELETE removes every member; the empty resource stays. */
export async function clearCustomData(call: Call, { owner }: CustomDataOperation): Promise<LightResponse> {
  await call.engine.removeCustomData(call.context, { resource: owner, id: idOf(call) }, undefined, conditionOf(call))
  return noContent(call.context.requestId)
}

/** DELETE of one member, whether it was there or not. */
export async function removeCustomDataField(call: Call, { owner }: CustomDataOperation): Promise<LightResponse> {
  const field = decodePercent(call.path[1] ?? '') ?? refuse('notFound', {})
  await call.engine.removeCustomData(call.context, { resource: owner, id: idOf(call) }, field, conditionOf(call))
  return noContent(call.context.requestId)
}

function show(call: Call, owner: Ref, record: CustomDataRecord): LightResponse {
  const answer = reply(call, 200, call.representations.representCustomData(owner, record))
  answer.headers.ETag = etagOf(record.modifiedAt)
  return answer
}
