import { Problem, refuse } from '../../schema/problems.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { decodeForm } from '../../std/form-encoding.ts'
import { inSteps } from '../../std/in-steps.ts'
import { type ClientCall, readJson, replyEmpty, requireText } from '../call.ts'

/** GET of what takes a POST only: whether it is switched on, which the widget asks. */
export const isOn = async (call: ClientCall): Promise<LightResponse> => replyEmpty(call)

/** POST `/forgot`: 200 whoever it is about (contract/rest.md 21.3). */
export async function forgot(call: ClientCall): Promise<LightResponse> {
  const query = { application: call.api.application.id, login: requireText(readJson(call), 'login') }
  await unrevealing(() => call.engine.requestPasswordReset(call.context, query))
  return replyEmpty(call)
}

/** POST `/verify`: the same for the mail that verifies an address. */
export async function resend(call: ClientCall): Promise<LightResponse> {
  const query = { application: call.api.application.id, login: requireText(readJson(call), 'login') }
  await unrevealing(() => call.engine.resendVerification(call.context, query))
  return replyEmpty(call)
}

/** GET `/verify?sptoken=`: verifies the address. */
export async function verify(call: ClientCall): Promise<LightResponse> {
  await call.engine.finishVerification(call.context, tokenIn(call))
  return replyEmpty(call)
}

/** GET `/change?sptoken=`: whether the link is good; it stays so. */
export async function checkChange(call: ClientCall): Promise<LightResponse> {
  const found = await call.engine.readPasswordReset(call.context, tokenIn(call), call.api.application.id)
  return found ? replyEmpty(call) : refuse('resetRequestUnknown', {})
}

/** POST `/change`: a new password by the link of a mail, once. */
export async function change(call: ClientCall): Promise<LightResponse> {
  const members = readJson(call)
  const [token, password] = [requireText(members, 'sptoken'), requireText(members, 'password')]
  await call.engine.finishPasswordReset(call.context, token, password, call.api.application.id)
  return replyEmpty(call)
}

function tokenIn({ request }: ClientCall): string {
  const pair = request.query.split('&').find((each) => each.startsWith('sptoken='))
  return decodeForm(pair?.slice('sptoken='.length) ?? '') || refuse('sptokenMissing', {})
}

/** Refused or done, it ends alike, in words and in time; a service that is busy says so to all. */
async function unrevealing(ask: () => Promise<unknown>): Promise<void> {
  await inSteps(() =>
    ask().catch((error: unknown) => {
      if (!Problem.is(error) || error.code === 'overloaded' || error.code === 'queryTimeout') throw error
    }),
  )
}
