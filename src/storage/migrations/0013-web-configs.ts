import type { Migration } from './words.ts'

/** Makes the Client API settings of applications; those there are get disabled ones. */
export const webConfigs: Migration = {
  name: '0013-web-configs',
  statements: (w) => [
    `create table application_web_configs (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      dns_label ${w.text},
      status ${w.text} not null,
      oauth2 ${w.text} not null,
      register ${w.text} not null,
      login ${w.text} not null,
      verify_email ${w.text} not null,
      forgot_password ${w.text} not null,
      change_password ${w.text} not null,
      me ${w.text} not null,
      signing_api_key_id ${w.text},
      application_id ${w.text} not null,
      primary key (tenant_id, id),
      constraint application_web_configs_signing_api_key_fk foreign key (tenant_id, signing_api_key_id) references api_keys (tenant_id, id),
      constraint application_web_configs_application_fk foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
      constraint application_web_configs_owner_fk foreign key (tenant_id, id) references applications (tenant_id, id) on delete cascade
    )${w.strict}`,
    `create unique index application_web_configs_dns_label_unique on application_web_configs (dns_label${w.nullsFirst})`,
    `create index application_web_configs_signing_api_key on application_web_configs (tenant_id, signing_api_key_id${w.nullsFirst}, id)`,
    'create index application_web_configs_application on application_web_configs (tenant_id, application_id, id)',
    `insert into application_web_configs (id, tenant_id, created_at, modified_at, dns_label, status, oauth2, register, login,
        verify_email, forgot_password, change_password, me, application_id)
      select id, tenant_id, created_at, created_at, null, 'DISABLED', '{"enabled":true}', '{"enabled":true}',
        '{"enabled":true}', '{"enabled":null}', '{"enabled":null}', '{"enabled":null}',
        '{"enabled":true,"expand":{"apiKeys":false,"applications":false,"customData":false,"directory":false,"groupMemberships":false,"groups":false,"providerData":false,"tenant":false}}', id
      from applications`,
  ],
}
