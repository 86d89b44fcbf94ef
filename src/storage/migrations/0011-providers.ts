import type { Migration } from './words.ts'

/** Makes what mirror directories have: the provider, its mapping rules, and what it told about each account. */
export const providers: Migration = {
  name: '0011-providers',
  statements: (w) => [
    `create table providers (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      provider_id ${w.text} not null,
      provider_type ${w.text} not null,
      client_id ${w.text},
      client_secret ${w.text},
      redirect_uri ${w.text},
      scope ${w.text} not null,
      hd ${w.text},
      access_type ${w.text},
      display ${w.text},
      authorization_endpoint ${w.text},
      token_endpoint ${w.text},
      resource_endpoint ${w.text},
      discovery_url ${w.text},
      access_token_type ${w.text} not null,
      id_field ${w.text} not null,
      primary key (tenant_id, id),
      constraint providers_owner_fk foreign key (tenant_id, id) references directories (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table user_info_mapping_rules (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      items ${w.text} not null,
      primary key (tenant_id, id),
      constraint user_info_mapping_rules_owner_fk foreign key (tenant_id, id) references providers (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create table provider_datas (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      provider_id ${w.text} not null,
      provider_type ${w.text} not null,
      subject ${w.text} not null,
      access_token ${w.text},
      access_token_secret ${w.text},
      refresh_token ${w.text},
      user_info_text ${w.text} not null,
      directory_id ${w.text} not null,
      primary key (tenant_id, id),
      constraint provider_datas_directory_fk foreign key (tenant_id, directory_id) references directories (tenant_id, id) on delete cascade,
      constraint provider_datas_owner_fk foreign key (tenant_id, id) references accounts (tenant_id, id) on delete cascade
    )${w.strict}`,
    'create unique index provider_datas_subject_unique on provider_datas (tenant_id, directory_id, subject)',
    'create index provider_datas_directory on provider_datas (tenant_id, directory_id, id)',
  ],
}
