import type { Engine } from '../core/engine.ts'
import { Problem } from '../schema/problems.ts'
import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { methodNotAllowed } from './answers.ts'
import { readForm } from './form.ts'
import { type OwnerView, ownerPage } from './owner-page.ts'
import { pageAnswer } from './page.ts'
import { passwordProblem } from './password-problem.ts'

/** The page behind a one-time link on which the owner of a tenant chooses a password. */
export function createOwnerPassword(engine: Engine): Handler {
  return async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return showForm(engine, request)
    if (request.method === 'POST') return takeForm(engine, request)
    return methodNotAllowed('GET, HEAD, POST')
  }
}

async function showForm(engine: Engine, { query }: LightRequest): Promise<LightResponse> {
  const token = new URLSearchParams(query).get('token') ?? ''
  const grant = await engine.readOwnerPasswordToken(token)
  if (!grant) return page(410, { show: 'expired' })
  return page(200, { show: 'form', token, email: grant.account.email, minLength: grant.minLength })
}

async function takeForm(engine: Engine, request: LightRequest): Promise<LightResponse> {
  const form = await readForm(request, engine.services.origin)
  if (!(form instanceof URLSearchParams)) return form
  const token = form.get('token') ?? ''
  const password = form.get('password') ?? ''
  const grant = await engine.readOwnerPasswordToken(token)
  if (!grant) return page(410, { show: 'expired' })
  const { account, minLength } = grant
  const again = (status: number, problem: string) =>
    page(status, { show: 'form', token, email: account.email, minLength, problem })
  if ((form.get('again') ?? password) !== password) return again(400, 'The two passwords are not the same.')
  try {
    const done = await engine.useOwnerPasswordToken(token, password)
    return done ? page(200, { show: 'done', email: account.email }) : page(410, { show: 'expired' })
  } catch (error) {
    if (Problem.is(error, 'overloaded')) return again(503, 'The service is very busy. Please try again in a moment.')
    const problem = passwordProblem(error)
    if (!problem) throw error
    return again(400, problem)
  }
}

function page(status: number, view: OwnerView): LightResponse {
  return pageAnswer(status, ownerPage(view))
}
