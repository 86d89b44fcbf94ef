import type { Migration } from './words.ts'

/** Makes tenants and what there is one of in each. */
export const tenants: Migration = {
  name: '0003-tenants',
  statements: (w) => [
    `create table tenants (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      name ${w.text} not null,
      key ${w.text} not null,
      preset ${w.text} not null,
      event_key ${w.text} not null,
      console_application_id ${w.text},
      administrators_directory_id ${w.text},
      owner_account_id ${w.text},
      primary key (tenant_id, id),
      constraint tenants_console_application_fk foreign key (tenant_id, console_application_id) references applications (tenant_id, id),
      constraint tenants_administrators_directory_fk foreign key (tenant_id, administrators_directory_id) references directories (tenant_id, id),
      constraint tenants_owner_account_fk foreign key (tenant_id, owner_account_id) references accounts (tenant_id, id)
    )${w.strict}`,
    `create index tenants_console_application on tenants (tenant_id, console_application_id${w.nullsFirst}, id)`,
    `create index tenants_administrators_directory on tenants (tenant_id, administrators_directory_id${w.nullsFirst}, id)`,
    `create index tenants_owner_account on tenants (tenant_id, owner_account_id${w.nullsFirst}, id)`,
    `create table id_sites (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      domain_name ${w.text} not null,
      tls_public_cert ${w.text} not null,
      tls_private_key ${w.text} not null,
      git_repo_url ${w.text} not null,
      git_branch ${w.text} not null,
      authorized_origin_uris ${w.text} not null,
      authorized_redirect_uris ${w.text} not null,
      logo_url ${w.text},
      session_tti ${w.text} not null,
      session_ttl ${w.text} not null,
      session_cookie_persistent ${w.integer} not null,
      primary key (tenant_id, id)
    )${w.strict}`,
  ],
}
