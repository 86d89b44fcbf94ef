import { derived, enumeration, string, switches } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

/** What `/me` may show of an account besides its attributes. */
export const meExpansions = {
  apiKeys: false,
  applications: false,
  customData: false,
  directory: false,
  groupMemberships: false,
  groups: false,
  providerData: false,
  tenant: false,
} as const

const on = (description: string) => switches({ description, default: { enabled: true } })
const inherited = (description: string) =>
  switches({ description: `${description} null: as the default account store does.`, default: { enabled: null } })

/** contract/rest.md 21.1; shares the application's id. The status of a new one comes from the tenant's preset. */
export const webConfig = defineResource({
  name: 'webConfig',
  path: 'applicationWebConfigs',
  description: 'What browsers and apps without a server of their own may ask of one application: its Client API.',
  operations: ['read', 'update'],
  attributes: {
    dnsLabel: string({
      description: 'Names the application in addresses of its Client API; unique in the whole service.',
      min: 1,
      max: 63,
      format: 'nameKey',
    }),
    domainName: derived({
      description: 'The host of its Client API: the label and the domain of the service.',
      of: 'string',
      nullable: true,
    }),
    status: enumeration(['ENABLED', 'DISABLED'], {
      description: 'DISABLED: there is no Client API.',
      default: 'ENABLED',
    }),
    oauth2: on('`/oauth/token` and `/oauth/revoke`.'),
    register: on('`/register`.'),
    login: on('`/login`.'),
    verifyEmail: inherited('`/verify`.'),
    forgotPassword: inherited('`/forgot`.'),
    changePassword: inherited('`/change`.'),
    me: switches({
      description: '`/me`, and what it shows of an account besides its attributes.',
      default: { enabled: true, expand: meExpansions },
    }),
  },
  links: {
    signingApiKey: toOne('apiKey', {
      description:
        'The API key of an administrator whose secret signs tokens, where the oAuthPolicy says that API keys do; without one the key of the application does.',
      write: 'always',
      onDelete: 'clear',
    }),
    application: toOne('application', { description: 'The application.', required: true, write: 'never' }),
    tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }),
  },
  unique: [{ of: ['dnsLabel'], everywhere: true }],
})
