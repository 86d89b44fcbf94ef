import type { Migration } from './words.ts'

/** Makes the counters of failed log-ins and of what else is limited. */
export const limits: Migration = {
  name: '0009-limits',
  statements: (w) => [
    `create table limits (
      tenant_id ${w.text} not null,
      name ${w.text} not null,
      key_digest ${w.text} not null,
      back_at ${w.integer} not null,
      pause ${w.integer} not null,
      paused_until ${w.integer} not null,
      expires_at ${w.integer} not null,
      primary key (tenant_id, name, key_digest)
    )${w.clustered}`,
    'create index limits_expiry on limits (tenant_id, expires_at)',
  ],
}
