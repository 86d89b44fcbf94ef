import { randomBytes } from 'node:crypto'
import type { Engine } from '../core/engine.ts'
import { Problem } from '../schema/problems.ts'
import { bytesToText } from '../std/base64url.ts'
import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { errorAnswer, methodNotAllowed } from './answers.ts'
import { type OwnerView, renderOwnerPage } from './owner-page.ts'

const bodyLimit = 32 * 1024

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
  if (!isOwnForm(request, engine.services.origin)) {
    return errorAnswer({ status: 403, message: 'This form may only be sent from the page it belongs to.' })
  }
  if (!request.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return errorAnswer({ status: 415, message: 'Expected application/x-www-form-urlencoded.' })
  }
  const form = new URLSearchParams(bytesToText(await request.body(bodyLimit)) ?? '')
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
    const problem = Problem.is(error) ? reasonOf(error) : undefined
    if (!problem) throw error
    return again(400, problem)
  }
}

/**
 * Whether a form was sent by a page of ours, as far as the browser says. The page asks for no referrer, so browsers send
 * `Origin: null` with its form. `Sec-Fetch-Site` tells then, but not over plain HTTP; what protects is the token.
 */
function isOwnForm(request: LightRequest, origin: string): boolean {
  const site = request.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const sender = request.header('origin')
  return sender === undefined || sender === 'null' || sender === origin || sender === `http://${request.header('host')}`
}

function reasonOf(error: Problem): string | undefined {
  if (Problem.is(error, 'passwordTooShort')) return `The password needs at least ${error.detail.min} characters.`
  if (Problem.is(error, 'passwordTooLong')) return `The password may have at most ${error.detail.max} characters.`
  if (Problem.is(error, 'passwordReused')) return 'The password was used before. Please choose a new one.'
  if (Problem.is(error, 'passwordTooCommon'))
    return 'The password is one of the most common ones. Please choose another.'
  if (Problem.is(error, 'passwordGuessable')) return 'The password is too close to a name. Please choose another.'
  if (Problem.is(error, 'passwordBreached')) return 'The password was stolen elsewhere. Please choose another.'
  if (Problem.is(error, 'passwordRefused')) return error.detail.reason
  if (!Problem.is(error, 'passwordLacks')) return undefined
  const { what, count } = error.detail
  return count === 1
    ? `The password needs ${characters[what]}.`
    : `The password needs ${count} times ${characters[what]}.`
}

const characters = {
  lowercase: 'a lower-case letter',
  uppercase: 'a capital letter',
  numeric: 'a digit',
  symbol: 'a symbol',
  diacritic: 'a letter with a diacritic',
}

function page(status: number, view: OwnerView): LightResponse {
  const nonce = randomBytes(16).toString('base64')
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
    body: renderOwnerPage(view, nonce),
  }
}
