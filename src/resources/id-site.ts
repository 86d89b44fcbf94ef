import { boolean, string, strings } from '../schema/attribute.ts'
import { toOne } from '../schema/link.ts'
import { defineResource } from '../schema/resource.ts'

const text = (description: string, fallback = '') => string({ description, max: 100_000, default: fallback })

/** contract/rest.md 3.3: values are kept as sent, durations as text. */
export const idSite = defineResource({
  name: 'idSite',
  path: 'idSites',
  description: 'Settings of the hosted log-in pages; one per tenant.',
  operations: ['read', 'update'],
  attributes: {
    domainName: text('Host name of the pages.'),
    tlsPublicCert: text('PEM certificate of an own domain.'),
    tlsPrivateKey: text('PEM key of an own domain.'),
    gitRepoUrl: text('Source of customised pages.'),
    gitBranch: text('Branch of that source.', 'master'),
    authorizedOriginUris: strings({
      description: 'Origins whose pages may call the ID Site API.',
      aliases: ['authorizedOriginURIs', 'authorizedOriginURLs'],
    }),
    authorizedRedirectUris: strings({
      description: 'Where the pages may send browsers back to.',
      aliases: ['authorizedRedirectURIs', 'authorizedRedirectURLs'],
    }),
    logoUrl: string({ description: 'Picture shown on the pages.', max: 4000 }),
    sessionTti: text('Idle limit of a session, ISO-8601 duration.', 'PT1H'),
    sessionTtl: text('Absolute limit of a session, ISO-8601 duration.', 'P1D'),
    sessionCookiePersistent: boolean({ description: 'The session outlives the browser window.', default: false }),
  },
  links: { tenant: toOne('tenant', { description: 'The tenant.', required: true, write: 'never' }) },
})
