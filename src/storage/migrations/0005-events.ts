import type { Migration } from './words.ts'

/** Makes events, one-time things and the sizes of collections. */
export const events: Migration = {
  name: '0005-events',
  statements: (w) => [
    `create table events (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      at ${w.integer} not null,
      type ${w.text} not null,
      actor_kind ${w.text} not null,
      actor_id ${w.text} not null,
      resource ${w.text} not null,
      resource_id ${w.text} not null,
      changed ${w.text} not null,
      request_id ${w.text} not null,
      diff ${w.text},
      position ${w.integer},
      primary key (tenant_id, id)
    )${w.strict}`,
    `create unique index events_position_unique on events (tenant_id, position${w.nullsFirst})`,
    `create index events_unpositioned on events (tenant_id, position${w.nullsFirst}, id) where position is null`,
    'create index events_resource on events (tenant_id, resource_id, type)',
    `create table event_positions (
      tenant_id ${w.text} not null,
      position ${w.integer} not null,
      primary key (tenant_id)
    )${w.clustered}`,
    `create table one_time (
      tenant_id ${w.text} not null,
      kind ${w.text} not null,
      key_digest ${w.text} not null,
      payload ${w.text} not null,
      expires_at ${w.integer} not null,
      primary key (tenant_id, kind, key_digest)
    )${w.clustered}`,
    'create index one_time_expiry on one_time (tenant_id, expires_at)',
    `create table counts (
      tenant_id ${w.text} not null,
      resource ${w.text} not null,
      scope ${w.text} not null,
      owner_id ${w.text} not null,
      id ${w.text} not null,
      delta ${w.integer} not null,
      primary key (tenant_id, resource, scope, owner_id, id)
    )${w.clustered}`,
    ...w.postgres(
      `create table nonces (
      key_id ${w.text} not null,
      nonce ${w.text} not null,
      expires_at ${w.integer} not null,
      primary key (key_id, nonce)
    )${w.strict}`,
      'create index nonces_expiry on nonces (expires_at)',
    ),
  ],
}
