import { stores } from './0001-stores.ts'
import { accounts } from './0002-accounts.ts'
import { tenants } from './0003-tenants.ts'
import { customData } from './0004-custom-data.ts'
import { events } from './0005-events.ts'
import { tokens } from './0006-tokens.ts'
import { policies } from './0007-policies.ts'
import { mail } from './0008-mail.ts'
import { limits } from './0009-limits.ts'
import { providers } from './0011-providers.ts'
import { links } from './0012-links.ts'
import { webConfigs } from './0013-web-configs.ts'
import { webhooks } from './0014-webhooks.ts'
import { idempotency } from './0015-idempotency.ts'
import { sessionTimes } from './0016-session-times.ts'
import type { Migration } from './words.ts'

/** Every step from an empty database to the present schema, in order. A new one joins by its line here. */
export const migrations: readonly Migration[] = [
  stores,
  accounts,
  tenants,
  customData,
  events,
  tokens,
  policies,
  mail,
  limits,
  providers,
  links,
  webConfigs,
  webhooks,
  idempotency,
  sessionTimes,
]
