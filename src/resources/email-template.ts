import { enumeration, object, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

const body = (description: string) => string({ description, required: true, min: 1, max: 100_000 })

/** contract/rest.md 6.11. Five come with every directory, one of each kind; macros are `${name}` and `$!{name}`. */
export const emailTemplate = defineResource({
  name: 'emailTemplate',
  path: 'emailTemplates',
  description: 'The text of one kind of mail that a directory sends.',
  operations: ['read', 'update'],
  attributes: {
    kind: enumeration(['verification', 'verificationSuccess', 'welcome', 'reset', 'resetSuccess'], {
      description: 'When it is sent.',
      required: true,
      hidden: true,
    }),
    name: string({ description: 'What you call it.', required: true, min: 1, max: 255 }),
    description: string({ description: 'Free text.', max: 1000 }),
    fromName: string({
      description: 'Name of the sender; that of the application when null.',
      max: 255,
      format: 'line',
    }),
    fromEmailAddress: string({
      description: 'Address of the sender; that of the service when null.',
      max: 254,
      format: 'mailbox',
    }),
    subject: string({
      description: 'Subject; may hold macros.',
      required: true,
      min: 1,
      max: 255,
      format: 'line',
    }),
    textBody: body('Plain text with macros; Java escapes such as `\\n` are understood.'),
    htmlBody: body('HTML with macros, whose values are escaped.'),
    mimeType: enumeration(['text/plain', 'text/html', 'multipart/alternative'], {
      description: 'Which of the bodies is sent; `multipart/alternative` sends both.',
      default: 'multipart/alternative',
    }),
    defaultModel: object({
      description: 'Where the link in the mail leads; verification and password reset alone have one.',
      members: {
        linkBaseUrl: {
          description: 'Address of your page; `sptoken` is appended as a parameter.',
          max: 2000,
          format: 'url',
        },
      },
    }),
  },
  links: {
    directory: toOne('directory', {
      description: 'Whose mails it words.',
      required: true,
      write: 'never',
      hidden: true,
    }),
  },
  unique: [{ of: ['kind'], within: 'directory' }],
})
