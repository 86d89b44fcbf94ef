import type { Column, TableShape } from './shape.ts'

const text = (name: string, nullable = false): Column => ({ name, type: 'text', nullable })
const integer = (name: string, nullable = false): Column => ({ name, type: 'integer', nullable })

/** Where the log of a tenant begins and ends, and the links there (core/events/chain.ts). */
const eventPositions: TableShape = {
  name: 'event_positions',
  columns: [
    text('tenant_id'),
    integer('position'),
    text('head'),
    integer('removed'),
    text('removed_head'),
    text('seal'),
  ],
  primaryKey: ['tenant_id'],
  indexes: [],
  foreignKeys: [],
  clustered: true,
}

/** Things that can be used once, by the digest of their secret. */
const oneTime: TableShape = {
  name: 'one_time',
  columns: [text('tenant_id'), text('kind'), text('key_digest'), text('payload'), integer('expires_at')],
  primaryKey: ['tenant_id', 'kind', 'key_digest'],
  indexes: [{ name: 'one_time_expiry', columns: ['tenant_id', 'expires_at'], unique: false }],
  foreignKeys: [],
  clustered: true,
}

/** What is used up of each limit, by the digest of whom it is counted for (core/limits/rule.ts). */
const limits: TableShape = {
  name: 'limits',
  columns: [
    text('tenant_id'),
    text('name'),
    text('key_digest'),
    integer('back_at'),
    integer('pause'),
    integer('paused_until'),
    integer('expires_at'),
  ],
  primaryKey: ['tenant_id', 'name', 'key_digest'],
  indexes: [{ name: 'limits_expiry', columns: ['tenant_id', 'expires_at'], unique: false }],
  foreignKeys: [],
  clustered: true,
}

/** Changes of the number of members in a collection; their sum is its size (counts.ts). */
const counts: TableShape = {
  name: 'counts',
  columns: [text('tenant_id'), text('resource'), text('scope'), text('owner_id'), text('id'), integer('delta')],
  primaryKey: ['tenant_id', 'resource', 'scope', 'owner_id', 'id'],
  indexes: [],
  foreignKeys: [],
  clustered: true,
}

/** Nonces of signed requests, where they are kept in the database; SQLite has a file of their own. */
const nonces: TableShape = {
  name: 'nonces',
  columns: [text('key_id'), text('nonce'), integer('expires_at')],
  primaryKey: ['key_id', 'nonce'],
  indexes: [{ name: 'nonces_expiry', columns: ['expires_at'], unique: false }],
  foreignKeys: [],
  only: 'postgres',
}

/**
 * What is to be sent, by channel. `due_at` is when the next attempt may begin: whoever begins one moves it on and leaves `claim`, so
 * that a sender that dies is followed by another. It is empty where it was given up.
 */
const outbox: TableShape = {
  name: 'outbox',
  columns: [
    text('tenant_id'),
    text('id'),
    text('channel'),
    text('kind'),
    text('subject_id'),
    text('application_id', true),
    text('payload'),
    integer('created_at'),
    integer('expires_at'),
    integer('attempts'),
    integer('due_at', true),
    text('claim', true),
    text('error', true),
  ],
  primaryKey: ['tenant_id', 'id'],
  indexes: [
    { name: 'outbox_due', columns: ['channel', 'due_at'], unique: false },
    { name: 'outbox_subject', columns: ['tenant_id', 'channel', 'subject_id', 'id'], unique: false },
  ],
  foreignKeys: [],
}

/** What creations that carried a key were answered, by the digest of the key and its caller (decisions/0037). */
const idempotencyKeys: TableShape = {
  name: 'idempotency_keys',
  columns: [text('tenant_id'), text('id'), text('fingerprint'), text('answer'), integer('expires_at')],
  primaryKey: ['tenant_id', 'id'],
  indexes: [{ name: 'idempotency_keys_expiry', columns: ['tenant_id', 'expires_at'], unique: false }],
  foreignKeys: [],
}

/** Tables that no declaration asks for. */
export const ownTables: readonly TableShape[] = [
  eventPositions,
  oneTime,
  limits,
  counts,
  nonces,
  outbox,
  idempotencyKeys,
]
