import type { Migration } from './words.ts'

/** Makes account links and the policies of applications and organizations about them; those there are get theirs. */
export const links: Migration = {
  name: '0012-links',
  statements: (w) => [
    `create table account_linking_policies (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      status ${w.text} not null,
      automatic_provisioning ${w.text} not null,
      matching_property ${w.text},
      application_id ${w.text},
      organization_id ${w.text},
      primary key (tenant_id, id),
      constraint account_linking_policies_application_fk foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
      constraint account_linking_policies_organization_fk foreign key (tenant_id, organization_id) references organizations (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create index account_linking_policies_application on account_linking_policies (tenant_id, application_id${w.nullsFirst}, id)`,
    `create index account_linking_policies_organization on account_linking_policies (tenant_id, organization_id${w.nullsFirst}, id)`,
    `insert into account_linking_policies (id, tenant_id, created_at, modified_at, status, automatic_provisioning, application_id)
      select id, tenant_id, created_at, created_at, 'DISABLED', 'DISABLED', id from applications`,
    `insert into account_linking_policies (id, tenant_id, created_at, modified_at, status, automatic_provisioning, organization_id)
      select id, tenant_id, created_at, created_at, 'DISABLED', 'DISABLED', id from organizations`,
    `create table account_links (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      left_account_id ${w.text} not null,
      right_account_id ${w.text} not null,
      primary key (tenant_id, id),
      constraint account_links_left_account_fk foreign key (tenant_id, left_account_id) references accounts (tenant_id, id) on delete cascade,
      constraint account_links_right_account_fk foreign key (tenant_id, right_account_id) references accounts (tenant_id, id) on delete cascade
    )${w.clustered}`,
    'create unique index account_links_left_account_right_account_unique on account_links (tenant_id, left_account_id, right_account_id)',
    'create index account_links_left_account on account_links (tenant_id, left_account_id, id)',
    'create index account_links_right_account on account_links (tenant_id, right_account_id, id)',
  ],
}
