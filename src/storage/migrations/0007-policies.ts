import type { Migration } from './words.ts'

/** Makes the policies of directories. */
export const policies: Migration = {
  name: '0007-policies',
  statements: (w) => [
    `create table password_policies (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      reset_token_ttl ${w.integer} not null,
      reset_email_status ${w.text} not null,
      reset_success_email_status ${w.text} not null,
      primary key (tenant_id, id),
      constraint password_policies_owner_fk foreign key (tenant_id, id) references directories (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table password_strengths (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      min_length ${w.integer} not null,
      max_length ${w.integer} not null,
      min_lower_case ${w.integer} not null,
      min_upper_case ${w.integer} not null,
      min_numeric ${w.integer} not null,
      min_symbol ${w.integer} not null,
      min_diacritic ${w.integer} not null,
      prevent_reuse ${w.integer} not null,
      prevent_common ${w.integer} not null,
      prevent_context ${w.integer} not null,
      prevent_breached ${w.integer} not null,
      primary key (tenant_id, id),
      constraint password_strengths_owner_fk foreign key (tenant_id, id) references password_policies (tenant_id, id) on delete cascade
    )${w.clustered}`,
    `create table account_creation_policies (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      verification_email_status ${w.text} not null,
      verification_success_email_status ${w.text} not null,
      welcome_email_status ${w.text} not null,
      email_domain_whitelist ${w.text} not null,
      email_domain_blacklist ${w.text} not null,
      primary key (tenant_id, id),
      constraint account_creation_policies_owner_fk foreign key (tenant_id, id) references directories (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table schemas (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      directory_id ${w.text} not null,
      primary key (tenant_id, id),
      constraint schemas_directory_fk foreign key (tenant_id, directory_id) references directories (tenant_id, id) on delete cascade,
      constraint schemas_owner_fk foreign key (tenant_id, id) references directories (tenant_id, id) on delete cascade
    )${w.clustered}`,
    'create index schemas_directory on schemas (tenant_id, directory_id, id)',
    `create table fields (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      name ${w.text} not null,
      required ${w.integer} not null,
      schema_id ${w.text} not null,
      primary key (tenant_id, id),
      constraint fields_schema_fk foreign key (tenant_id, schema_id) references schemas (tenant_id, id) on delete cascade
    )${w.strict}`,
    'create unique index fields_name_unique on fields (tenant_id, schema_id, name)',
    'create index fields_schema on fields (tenant_id, schema_id, id)',
  ],
}
