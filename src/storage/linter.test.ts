import { describe, expect, test } from 'vitest'
import { unconstrained } from './linter.ts'
import { STANDING } from './standing.ts'

describe('lets pass', () => {
  test.each([
    'select id from accounts where tenant_id = ? and id = ?',
    'select t.id from accounts as t where t.tenant_id = ?',
    'select t.id from accounts t where +t.tenant_id = ?',
    'select 1 from accounts a join directories d on d.tenant_id = a.tenant_id and d.id = a.directory_id where a.tenant_id = ?',
    'select 1 from accounts a where a.tenant_id = ? and exists (select 1 from groups g where g.tenant_id = a.tenant_id)',
    'insert into counts (tenant_id, resource) values (?, ?)',
    'update accounts set status = ? where tenant_id = ? and id = ?',
    'delete from accounts_text where rowid in (select rowid from accounts where tenant_id = ? and id = ?)',
    'select * from (select id from groups where tenant_id = ? union select id from groups where tenant_id = ?) as b',
    'select name from sqlite_master',
    STANDING,
  ])('%s', (sql) => expect(unconstrained(sql)).toBeUndefined())
})

describe('refuses', () => {
  test.each([
    ['select id from accounts where id = ?', 'accounts'],
    ['select id from accounts', 'accounts'],
    ['delete from groups where id = ?', 'groups'],
    ['update accounts set status = ? where id = ?', 'accounts'],
    ['insert into counts (resource) values (?)', 'counts'],
    ['select 1 from accounts a join directories d on d.id = a.directory_id where a.tenant_id = ?', 'directories'],
    ['select 1 from accounts a join directories d on d.tenant_id = a.tenant_id', 'accounts'],
    [
      'select id from accounts where tenant_id = ? and id in (select account_id from group_memberships)',
      'group_memberships',
    ],
    ['select id from groups where tenant_id = ? union select id from groups where id = ?', 'groups'],
    ["select id from accounts where status = 'tenant_id = ?'", 'accounts'],
    [`${STANDING} and 1 = 1`, 'api_keys'],
  ])('%s', (sql, table) => expect(unconstrained(sql)).toBe(table))
})
