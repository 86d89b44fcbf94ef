import type { Migration } from './words.ts'

/** Makes mail templates, own mail servers and the outbox. */
export const mail: Migration = {
  name: '0008-mail',
  statements: (w) => [
    `alter table accounts add column verification_token ${w.text}`,
    `create table email_templates (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      kind ${w.text} not null,
      name ${w.text} not null,
      description ${w.text},
      from_name ${w.text},
      from_email_address ${w.text},
      subject ${w.text} not null,
      text_body ${w.text} not null,
      html_body ${w.text} not null,
      mime_type ${w.text} not null,
      default_model ${w.text},
      directory_id ${w.text} not null,
      primary key (tenant_id, id),
      constraint email_templates_directory_fk foreign key (tenant_id, directory_id) references directories (tenant_id, id) on delete cascade
    )${w.strict}`,
    'create unique index email_templates_kind_unique on email_templates (tenant_id, directory_id, kind)',
    'create index email_templates_directory on email_templates (tenant_id, directory_id, id)',
    `create table smtp_servers (
      id ${w.text} not null,
      tenant_id ${w.text} not null,
      created_at ${w.integer} not null,
      modified_at ${w.integer} not null,
      name ${w.text},
      description ${w.text},
      username ${w.text} not null,
      password ${w.text} not null,
      host ${w.text} not null,
      port ${w.integer} not null,
      security_protocol ${w.text},
      status ${w.text} not null,
      primary key (tenant_id, id)
    )${w.strict}`,
    `create table outbox (
      tenant_id ${w.text} not null,
      id ${w.text} not null,
      kind ${w.text} not null,
      account_id ${w.text} not null,
      application_id ${w.text},
      payload ${w.text} not null,
      created_at ${w.integer} not null,
      expires_at ${w.integer} not null,
      attempts ${w.integer} not null,
      due_at ${w.integer},
      claim ${w.text},
      error ${w.text},
      primary key (tenant_id, id)
    )${w.strict}`,
    `create index outbox_due on outbox (due_at${w.nullsFirst})`,
  ],
}
