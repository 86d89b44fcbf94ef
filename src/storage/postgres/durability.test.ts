import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, startCluster } from '../../../test/support/postgres.ts'
import { administer } from '../../../test/support/postgres-cluster.ts'
import { openPostgres } from './database.ts'

describe('GOAL-A5 the engine refuses to run where an acknowledged write could be lost', () => {
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await startCluster({ durable: true })
  })

  afterAll(() => cluster?.remove())

  /** Changes the server's configuration and waits until new sessions have it. */
  async function configure(setting: string, value: string | undefined): Promise<void> {
    await administer(cluster, value ? `alter system set ${setting} = ${value}` : `alter system reset ${setting}`)
    await administer(cluster, 'select pg_reload_conf()')
    await expect.poll(async () => (await administer(cluster, `show ${setting}`))[0]?.[setting]).toBe(value ?? 'on')
  }

  test.each([
    ['fsync', 'off'],
    ['full_page_writes', 'off'],
    ['synchronous_commit', 'off'],
    ['synchronous_commit', 'local'],
    ['synchronous_commit', 'remote_write'],
  ])('%s = %s', async (setting, value) => {
    await configure(setting, value)
    const opening = openPostgres({ url: cluster.url() })
    await expect(opening).rejects.toThrow(new RegExp(`${setting}.*${value}.*set`, 's'))
    const degraded = await openPostgres({ url: cluster.url(), allowUndurable: true })
    expect(degraded.durability).toBe('degraded')
    await degraded.close()
    await configure(setting, undefined)
  })

  test('synchronous_commit lowered for the role alone, also after the start', async () => {
    const database = await openPostgres({ url: cluster.url() })
    expect(database.durability).toBe('durable')
    await administer(cluster, 'alter role postgres set synchronous_commit = off')
    await expect(openPostgres({ url: cluster.url() })).rejects.toThrow('synchronous_commit is off')
    // the one that is open does not use the new connection it needs
    await expect(database.write(async () => {})).rejects.toMatchObject({ code: 'overloaded' })
    await database.close()
    await administer(cluster, 'alter role postgres reset synchronous_commit')
  })

  test('a standby', async () => {
    await cluster.stop()
    await cluster.start({ standby: true })
    await expect(openPostgres({ url: cluster.url(), allowUndurable: true })).rejects.toThrow('is a standby')
  })
})

test('a server that cannot be reached is said with the reason, not with the password', async () => {
  const opening = openPostgres({ url: 'postgres://me:secret@127.0.0.1:1/none' })
  await expect(opening).rejects.toThrow(/^cannot connect to PostgreSQL: connect ECONNREFUSED/)
  await expect(opening).rejects.not.toThrow('secret')
})

test('of several hosts the primary is used, and the next one after it is gone', async () => {
  await using one = await startCluster({ durable: true, tcp: true })
  await using two = await startCluster({ durable: true, tcp: true })
  await one.stop()
  await one.start({ standby: true })
  const url = `postgres://postgres@127.0.0.1:${one.port},127.0.0.1:${two.port}/postgres?target_session_attrs=read-write`
  const database = await openPostgres({ url, waitMs: 30_000, connectMs: 30_000 })
  const port = async () => (await database.write((tx) => tx.get('select inet_server_port() as port', [])))?.port
  expect(await port()).toBe(two.port)
  await two.stop()
  await administer(one, 'select pg_promote()')
  expect(await port()).toBe(one.port)
  await database.close()
})
