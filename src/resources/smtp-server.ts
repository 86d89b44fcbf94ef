import { enumeration, integer, string } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** contract/rest.md 3.4: sends the mails of a tenant in place of the mail server of the service; at most one. */
export const smtpServer = defineResource({
  name: 'smtpServer',
  path: 'smtpServers',
  description: 'A mail server of your own. It is tried out when it is made or changed.',
  attributes: {
    name: string({ description: 'What you call it.', max: 255 }),
    description: string({ description: 'Free text.', max: 1000 }),
    username: string({ description: 'Who logs in there.', required: true, max: 255, format: 'line' }),
    password: string({
      description: 'The password of that user.',
      required: true,
      max: 1024,
      secret: true,
      sealed: true,
    }),
    host: string({ description: 'Host name or IP address.', required: true, min: 1, max: 253, format: 'host' }),
    port: integer({ description: 'Port, often 587, or 465 with SSL.', required: true, min: 1, max: 65_535 }),
    securityProtocol: enumeration(['TLS', 'SSL'], {
      description: 'TLS: encrypted after STARTTLS. SSL: encrypted from the start. null: STARTTLS where it is offered.',
    }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: the mail server of the service is used.',
      default: 'ENABLED',
    }),
  },
  links: { tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }) },
})
