import type { Inbox } from '../mail/inbox.ts'
import type { Handler, LightRequest, LightResponse } from '../std/exchange.ts'
import { isLoopback } from '../std/own-machine.ts'
import { errorAnswer, jsonAnswer, methodNotAllowed } from './answers.ts'
import { guardDevelopment } from './development-guard.ts'
import { readForm } from './form.ts'
import { inboxPage, mailPage } from './inbox-page.ts'
import { inboxPath } from './inbox-path.ts'
import { pageAnswer } from './page.ts'

/**
 * The captured mails as pages, and as JSON for tests in other languages: `GET …/mail.json?to=` lists them, newest first,
 * `GET …/mail/latest.json?to=` gives the newest one or 404, `DELETE …/mail` empties the inbox. Answers this machine alone.
 */
export function createInboxPages(inbox: Inbox, origin: string): Handler {
  return async (request) => {
    const refused = guardLoopback(request)
    if (refused) return refused
    const { method, path } = request
    const rest = path.slice(inboxPath.length)
    if (method === 'POST' && rest === '/clear') return clear(inbox, request, origin)
    if (method === 'DELETE' && rest === '') {
      inbox.clear()
      return { status: 204, headers: { 'cache-control': 'no-store' }, body: undefined }
    }
    if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed('GET, HEAD, DELETE')
    const to = new URLSearchParams(request.query).get('to') ?? undefined
    const filter = to === undefined ? {} : { to }
    if (rest === '.json') return jsonAnswer(200, { items: await listed(inbox, filter) })
    if (rest === '/latest.json') {
      const mail = await inbox.latest(filter)
      return mail ? jsonAnswer(200, mail) : notFound()
    }
    if (rest === '' || rest === '/') return show(pageAnswer(200, inboxPage(await listed(inbox, filter))))
    const [, id = '', part] = rest.split('/')
    const mail = inbox.get(id)
    if (!mail) return notFound()
    if (part === undefined) return show(pageAnswer(200, mailPage(mail)))
    return part === 'html' && mail.html !== undefined ? framed(mail.html) : notFound()
  }
}

async function listed(inbox: Inbox, filter: { to?: string }) {
  // Waits for what is on its way.
  await inbox.latest()
  return inbox.list(filter)
}

async function clear(inbox: Inbox, request: LightRequest, origin: string): Promise<LightResponse> {
  const form = await readForm(request, origin)
  if (!(form instanceof URLSearchParams)) return form
  inbox.clear()
  return { status: 303, headers: { location: inboxPath, 'cache-control': 'no-store' }, body: undefined }
}

/** Whoever knows no other address of ours than the machine's own, and sits on it. */
function guardLoopback(request: LightRequest): LightResponse | undefined {
  const { peer } = request
  const isNear = peer === undefined || isLoopback(peer.replace(/^::ffff:/, ''))
  return isNear ? guardDevelopment(request) : notFound()
}

/** A page of ours that frames one of ours. */
function show(answer: LightResponse): LightResponse {
  const policy = `${answer.headers['content-security-policy']}; frame-src 'self'`
  return { ...answer, headers: { ...answer.headers, 'content-security-policy': policy } }
}

/** The HTML of a mail: no script, nothing from elsewhere, in a world of its own; its links open beside it. */
function framed(html: string): LightResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: /<head>/i.test(html)
      ? html.replace(/<head>/i, '<head><base target="_blank">')
      : `<base target="_blank">${html}`,
  }
}

const notFound = () => errorAnswer({ status: 404, message: 'The requested resource does not exist.' })
