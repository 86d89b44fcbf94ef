import type { Migration } from './words.ts'

/** Makes the nonces that signed requests have used; on SQLite they have a file of their own. */
export const nonces: Migration = {
  name: '0006-nonces',
  statements: (w) =>
    w.postgresOnly([
      `create table nonces (
        key_id ${w.text} not null,
        nonce ${w.text} not null,
        expires_at ${w.integer} not null,
        primary key (key_id, nonce)
      )`,
      'create index nonces_expiry on nonces (expires_at)',
    ]),
}
