import type { Migration } from './words.ts'

/** Makes custom data, and the index over that of accounts. */
export const customData: Migration = {
  name: '0004-custom-data',
  statements: (w) => [
    `create table tenants_custom_data (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      json ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      primary key (tenant_id, id),
      constraint tenants_custom_data_owner_fk foreign key (tenant_id, id) references tenants (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table applications_custom_data (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      json ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      primary key (tenant_id, id),
      constraint applications_custom_data_owner_fk foreign key (tenant_id, id) references applications (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table directories_custom_data (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      json ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      primary key (tenant_id, id),
      constraint directories_custom_data_owner_fk foreign key (tenant_id, id) references directories (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table groups_custom_data (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      json ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      primary key (tenant_id, id),
      constraint groups_custom_data_owner_fk foreign key (tenant_id, id) references groups (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table organizations_custom_data (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      json ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      primary key (tenant_id, id),
      constraint organizations_custom_data_owner_fk foreign key (tenant_id, id) references organizations (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table accounts_custom_data (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      json ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      overflow ${w.integer} not null,
      primary key (tenant_id, id),
      constraint accounts_custom_data_owner_fk foreign key (tenant_id, id) references accounts (tenant_id, id) on delete cascade
    )${w.strict}`,
    'create index accounts_custom_data_overflow on accounts_custom_data (tenant_id, id) where overflow = 1',
    `create table accounts_custom_data_leaves (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      path ${w.text} not null,
      kind ${w.text} not null,
      text_key ${w.text} not null,
      number ${w.real},
      directory_id ${w.text} not null,
      primary key (tenant_id, id, path, kind, text_key),
      constraint accounts_custom_data_leaves_owner_fk foreign key (tenant_id, id) references accounts_custom_data (tenant_id, id) on delete cascade
    )${w.clustered}`,
    'create index accounts_custom_data_leaves_tenant_text on accounts_custom_data_leaves (tenant_id, path, text_key, id, kind)',
    `create index accounts_custom_data_leaves_tenant_number on accounts_custom_data_leaves (tenant_id, path, number${w.nullsFirst}, id) where number is not null`,
    'create index accounts_custom_data_leaves_directory_text on accounts_custom_data_leaves (tenant_id, directory_id, path, text_key, id, kind)',
    `create index accounts_custom_data_leaves_directory_number on accounts_custom_data_leaves (tenant_id, directory_id, path, number${w.nullsFirst}, id) where number is not null`,
  ],
}
