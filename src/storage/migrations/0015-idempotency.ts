import type { Migration } from './words.ts'

/** Makes what is remembered of creations that carried a key, so that they are done once. */
export const idempotency: Migration = {
  name: '0015-idempotency',
  statements: (w) => [
    `create table idempotency_keys (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      fingerprint ${w.text} not null,
      answer ${w.text} not null,
      expires_at ${w.integer} not null,
      primary key (tenant_id, id)
    )${w.strict}`,
    'create index idempotency_keys_expiry on idempotency_keys (tenant_id, expires_at)',
  ],
}
