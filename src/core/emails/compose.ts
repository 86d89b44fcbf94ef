import type { Entity } from '../../resources/registry.ts'
import { isMailbox, toLine } from '../../std/mail-address.ts'
import type { Services } from '../context.ts'
import type { Message, QueuedMail } from '../ports.ts'
import {
  defaultTemplates,
  linkedLike,
  type MailKind,
  ownTemplates,
  type Template,
  type TemplateKind,
} from './default-templates.ts'
import { bodiesSent } from './email-templates.ts'
import { escapeHtml, macrosOf, renderMacros, unescapeJava } from './macros.ts'
import { createModel } from './model.ts'
import { type MailPayload, payloadPlace } from './outbox.ts'

/**
 * The mail as it leaves, worded by the template as it is now. Undefined when there is no reason left to send it: the
 * account is gone or has another address.
 */
export async function composeMail(services: Services, mail: QueuedMail): Promise<Message | undefined> {
  const { store, seal } = services
  const account = await store.get('account', mail.tenant, mail.account)
  const payload = JSON.parse(String(seal.open(mail.payload, payloadPlace(mail.tenant, mail.id)))) as MailPayload
  if (!account || account.email !== payload.to || !isMailbox(payload.to)) return undefined
  const template = await templateOf(services, mail, account)
  if (!template) return undefined

  const bodies = bodiesSent(template)
  const names = macrosOf([template.subject, ...bodies.map((body) => template[body])].join('\n'))
  const { lookUp, application } = await createModel(services, mail, account, names, {
    ...payload.extra,
    ...linkOf(template, payload.token, services.origin),
  })
  const fromName = template.fromName ?? application?.name ?? services.mail.from.name
  return {
    id: mail.id,
    // Stays the same however often it is tried: whoever gets it twice can tell.
    messageId: `<${mail.id}@${domainOf(services.mail.from.address)}>`,
    // Without the name, which whoever registered chose: it would be shown like a word of ours.
    to: { name: '', address: account.email },
    from: {
      name: fromName ? toLine(fromName) : '',
      address: template.fromEmailAddress ?? services.mail.from.address,
    },
    subject: toLine(renderMacros(template.subject, lookUp)),
    ...(bodies.includes('textBody') && { text: renderMacros(unescapeJava(template.textBody), lookUp) }),
    ...(bodies.includes('htmlBody') && { html: renderMacros(unescapeJava(template.htmlBody), lookUp, escapeHtml) }),
  }
}

async function templateOf(
  { store }: Services,
  { kind, tenant }: QueuedMail,
  { directory }: Entity<'account'>,
): Promise<Template | undefined> {
  if (isTemplateKind(kind)) return store.find('emailTemplate', tenant, ['kind'], [directory, kind])
  const linked = linkedLike[kind]
  if (!linked) return ownTemplates[kind]
  const { defaultModel = null } = (await store.find('emailTemplate', tenant, ['kind'], [directory, linked])) ?? {}
  return { ...ownTemplates[kind], defaultModel }
}

function isTemplateKind(kind: MailKind): kind is TemplateKind {
  return Object.hasOwn(defaultTemplates, kind)
}

/** The macros that carry the token. The address is the template's or our own, never one that a request named. */
function linkOf({ defaultModel }: Template, token: string | undefined, origin: string): Record<string, string> {
  if (token === undefined || defaultModel === null) return {}
  const { linkBaseUrl } = defaultModel
  const base = linkBaseUrl.startsWith('/') ? origin + linkBaseUrl : linkBaseUrl
  const pair = `sptoken=${token}`
  return { sptoken: token, sptokenNameValuePair: pair, url: `${base}${base.includes('?') ? '&' : '?'}${pair}` }
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).replaceAll(/[^\w.-]/g, '')
