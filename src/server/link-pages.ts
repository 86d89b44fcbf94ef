import type { Context } from '../core/context.ts'
import { linkPaths } from '../core/emails/default-templates.ts'
import { parseLinkToken } from '../core/emails/link-tokens.ts'
import type { Engine } from '../core/engine.ts'
import { Problem } from '../schema/problems.ts'
import type { Handler, LightResponse } from '../std/exchange.ts'
import { attributes, html } from '../std/html.ts'
import { requestId } from '../std/id.ts'
import { methodNotAllowed } from './answers.ts'
import { readForm } from './form.ts'
import { type Page, pageAnswer } from './page.ts'
import { passwordProblem } from './password-problem.ts'

/** What a page says once it knows its token. */
interface LinkPage {
  /** A look at the token, which uses nothing up: programs that open the links of a mail before its reader do that too. */
  show(context: Context, token: string): Promise<LightResponse>
  /** The button was pressed. */
  act(context: Context, token: string, form: URLSearchParams): Promise<LightResponse>
  expired: Page
}

/** Where the links of mails lead while an application has no pages of its own (contract/rest.md 13.3). */
export function createLinkPages(engine: Engine): Record<string, Handler> {
  return {
    [linkPaths.verification]: serve(engine, verification(engine)),
    [linkPaths.reset]: serve(engine, reset(engine)),
  }
}

function serve(engine: Engine, { show, act, expired }: LinkPage): Handler {
  return async (request) => {
    const { method } = request
    if (method === 'GET' || method === 'HEAD') {
      const token = new URLSearchParams(request.query).get('sptoken') ?? ''
      const context = contextOf(token)
      return context ? show(context, token) : pageAnswer(410, expired)
    }
    if (method !== 'POST') return methodNotAllowed('GET, HEAD, POST')
    const form = await readForm(request, engine.services.origin)
    if (!(form instanceof URLSearchParams)) return form
    const token = form.get('sptoken') ?? ''
    const context = contextOf(token)
    return context ? act(context, token, form) : pageAnswer(410, expired)
  }
}

/** On behalf of whoever holds a token: what it names is not proved, and the engine looks at it. */
function contextOf(token: string): Context | undefined {
  const parsed = parseLinkToken(token)
  return parsed && { tenant: parsed.tenant, actor: { kind: 'system', id: 'mail-link' }, requestId: requestId() }
}

function verification(engine: Engine): LinkPage {
  const expired = {
    title: 'This link has been used or has expired',
    body: html`<p>If your address is not confirmed yet, ask for a new link where you registered. Otherwise just log in.</p>`,
  }
  const done = (email: string) => ({
    title: 'Your address is confirmed',
    body: html`<p>Thank you. <strong>${email}</strong> is confirmed. You can close this page and log in.</p>`,
  })
  return {
    expired,
    async show(context, token) {
      const account = await engine.readVerification(context, token)
      if (!account) return pageAnswer(410, expired)
      return pageAnswer(200, {
        title: 'Confirm your email address',
        body: html`<p>Is <strong>${account.email}</strong> your address, and did you register with it?</p>
<form method="post" action="${linkPaths.verification}">
<input type="hidden" name="sptoken" value="${token}">
<button type="submit">Yes, confirm</button>
</form>`,
      })
    },
    async act(context, token) {
      try {
        return pageAnswer(200, done((await engine.finishVerification(context, token)).email))
      } catch (error) {
        if (Problem.is(error, 'notFound')) return pageAnswer(410, expired)
        throw error
      }
    },
  }
}

function reset(engine: Engine): LinkPage {
  const expired = {
    title: 'This link has been used or has expired',
    body: html`<p>Ask for a new one where you wanted to log in: of several links, the newest alone works.</p>`,
  }
  const done = {
    title: 'Your password is set',
    body: html`<p>You can close this page and log in with the new password.</p>`,
  }

  async function form(context: Context, token: string, status = 200, problem?: string): Promise<LightResponse> {
    const found = await engine.readPasswordReset(context, token)
    if (!found) return pageAnswer(410, expired)
    const { account } = found
    const rules = await engine.read(context, 'passwordStrength', account.directory)
    const { email } = account
    const flaw = attributes({
      'aria-invalid': problem && 'true',
      'aria-describedby': problem ? 'problem hint' : 'hint',
    })
    return pageAnswer(status, {
      title: 'Choose a new password',
      body: html`<p>For <strong>${email}</strong></p>
<form method="post" action="${linkPaths.reset}">
${problem && html`<p id="problem" class="problem" role="alert">${problem}</p>`}
<input type="hidden" name="sptoken" value="${token}">
<input class="unseen" type="text" name="username" value="${email}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus${flaw}>
<p id="hint" class="hint">At least ${rules?.minLength ?? 1} characters.</p>
<label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" required>
<button type="submit">Set password</button>
</form>`,
    })
  }

  return {
    expired,
    show: (context, token) => form(context, token),
    async act(context, token, fields) {
      const password = fields.get('password') ?? ''
      if ((fields.get('again') ?? password) !== password) {
        return form(context, token, 400, 'The two passwords are not the same.')
      }
      try {
        await engine.finishPasswordReset(context, token, password)
        return pageAnswer(200, done)
      } catch (error) {
        if (Problem.is(error, 'resetRequestUnknown')) return pageAnswer(410, expired)
        if (Problem.is(error, 'overloaded')) {
          return form(context, token, 503, 'The service is very busy. Please try again in a moment.')
        }
        const problem = passwordProblem(error)
        if (!problem) throw error
        return form(context, token, 400, problem)
      }
    },
  }
}
