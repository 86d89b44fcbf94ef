import type { LightResponse } from '../std/exchange.ts'
import { actions } from './actions/actions.ts'
import type { Call } from './call.ts'
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
  readCustomData,
  mergeCustomData,
  clearCustomData,
  removeCustomDataField,
  redirectToTenant,
  act: (call, { link }) => actions[link as keyof typeof actions](call),
} satisfies { [D in Called['does']]: (call: Call, operation: OperationThat<D>) => Promise<LightResponse> }

/** Does what a route says. */
export function perform(call: Call, operation: Called): Promise<LightResponse> {
  return (performers[operation.does] as Perform)(call, operation as never)
}
