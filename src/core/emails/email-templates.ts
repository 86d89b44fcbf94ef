import type { Entity } from '../../resources/registry.ts'
import { refuse } from '../../schema/problems.ts'
import type { Behaviour, Work } from '../context.ts'
import type { presets } from '../presets.ts'
import { htmlOf, textOf } from './default-layout.ts'
import { defaultTemplates, type TemplateKind } from './default-templates.ts'
import { macrosOf } from './macros.ts'

/** Any of these carries the link of a mail that needs one. */
const LINK_MACROS = ['url', 'sptoken', 'sptokenNameValuePair']

/** contract/rest.md 6.11 */
export const emailTemplates: Behaviour<'emailTemplate'> = {
  async updating(work, before, values) {
    const after = { ...before, ...values }
    if (defaultTemplates[after.kind].linkPath === undefined) {
      if (values.defaultModel) {
        refuse('invalid', {
          property: 'defaultModel',
          reason: 'only mails with a link have one: verification and reset',
        })
      }
      return
    }
    if (after.defaultModel === null) refuse('required', { resource: 'emailTemplate', property: 'defaultModel' })
    if (values.defaultModel) values.defaultModel = withoutOrigin(values.defaultModel, work.services.origin)
    for (const body of bodiesSent(after)) {
      if (!LINK_MACROS.some((macro) => macrosOf(after[body]).has(macro))) refuse('linkMacroMissing', { property: body })
    }
  },
}

/** Which bodies a mail has. */
export function bodiesSent({ mimeType }: Pick<Entity<'emailTemplate'>, 'mimeType'>): ('textBody' | 'htmlBody')[] {
  if (mimeType === 'multipart/alternative') return ['textBody', 'htmlBody']
  return [mimeType === 'text/html' ? 'htmlBody' : 'textBody']
}

/** The templates every directory starts with. They are not reported one by one: the directory's own event stands for all. */
export async function createTemplates(
  work: Work,
  directory: string,
  { mimeType, subjects }: (typeof presets)[keyof typeof presets]['emailTemplate'],
): Promise<void> {
  for (const [kind, { name, subject, description, linkPath, wording }] of Object.entries(defaultTemplates)) {
    await work.tx.insert('emailTemplate', {
      id: work.services.ids.next(),
      tenant: work.context.tenant,
      createdAt: work.now,
      modifiedAt: work.now,
      kind: kind as TemplateKind,
      name,
      description,
      fromName: null,
      fromEmailAddress: null,
      subject: subjects[kind as TemplateKind] ?? subject,
      textBody: textOf(wording),
      htmlBody: htmlOf(wording),
      mimeType,
      defaultModel: linkPath === undefined ? null : { linkBaseUrl: linkPath },
      directory,
    })
  }
}

/** A link to a page of our own follows when the origin moves. */
function withoutOrigin({ linkBaseUrl }: { linkBaseUrl: string }, origin: string): { linkBaseUrl: string } {
  return { linkBaseUrl: linkBaseUrl.startsWith(`${origin}/`) ? linkBaseUrl.slice(origin.length) : linkBaseUrl }
}
