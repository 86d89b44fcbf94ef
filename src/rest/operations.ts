import { Problem, refuse } from '../schema/problems.ts'
import type { LightResponse } from '../std/exchange.ts'
import { actions, secretActions, tokenActions } from './actions/actions.ts'
import type { Call } from './call.ts'
import { clear } from './clear.ts'
import { requireNoTag } from './conditional.ts'
import { create } from './create.ts'
import { clearCustomData, mergeCustomData, readCustomData, removeCustomDataField } from './custom-data.ts'
import { list } from './list.ts'
import { read, redirectToTenant } from './read.ts'
import { remove } from './remove.ts'
import type { Operation } from './routes.ts'
import { update } from './update.ts'

/** Operations on behalf of a caller; the others answer anyone. */
type Called = Exclude<Operation, { does: 'describe' }>
type Perform = (call: Call, operation: never) => Promise<LightResponse>
type OperationThat<D extends Called['does']> = Called extends infer O
  ? O extends { does: infer Does }
    ? D extends Does
      ? O
      : never
    : never
  : never

const performers = {
  read,
  update,
  delete: remove,
  create,
  list,
  clear,
  readCustomData,
  mergeCustomData,
  clearCustomData,
  removeCustomDataField,
  redirectToTenant,
  act: (call, { link }) => actions[link as keyof typeof actions](call),
  readToken: (call, { link }) => tokenActions[link as keyof typeof tokenActions].read(call),
  useToken: (call, { link }) => tokenActions[link as keyof typeof tokenActions].use(call),
  useSecret: (call, { link }) => secretActions[link as keyof typeof secretActions](call),
} satisfies { [D in Called['does']]: (call: Call, operation: OperationThat<D>) => Promise<LightResponse> }

/** Operations on what has an entity tag. */
const conditional = new Set<Called['does']>([
  'read',
  'update',
  'delete',
  'readCustomData',
  'mergeCustomData',
  'clearCustomData',
  'removeCustomDataField',
])

/**
 * Does what a route says. What is wrong with a request for something that does not exist, or is not the caller's, is not
 * told: all such requests are answered alike.
 *
 * @throws Problem
 */
export async function perform(call: Call, operation: Called): Promise<LightResponse> {
  try {
    if (!conditional.has(operation.does)) requireNoTag(call)
    return await (performers[operation.does] as Perform)(call, operation as never)
  } catch (error) {
    if (Problem.is(error) && !(await isAddressed(call, operation))) return refuse('notFound', {})
    throw error
  }
}

/** Whether what the path names by id is there. */
async function isAddressed({ engine, context, path: [id] }: Call, operation: Called): Promise<boolean> {
  const resource = 'owner' in operation ? operation.owner : 'resource' in operation ? operation.resource : undefined
  if (id === undefined || resource === undefined) return true
  return (await engine.read(context, resource, id)) !== undefined
}
