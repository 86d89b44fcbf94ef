import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createMigrator } from '../../src/storage/migrations/runner.ts'
import { openPostgres } from '../../src/storage/postgres/database.ts'
import { administer, type Cluster, type ClusterAddress, startCluster } from './postgres-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the socket that answers with the shared cluster, started on the first question. */
    postgresBroker: string
  }
}

export interface SharedCluster extends ClusterAddress {
  /** The migrated database that tests copy. */
  template: string
}

const template = 'latchkey_template'

/** Vitest's global set-up: one cluster for all test files, only when one of them wants it, and gone after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<Cluster> | undefined
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-broker-'))
  const discard = () => rmSync(folder, { recursive: true, force: true })
  // an interrupted run gets no further than this
  process.once('exit', discard)
  const path = join(folder, 'socket')
  const broker = createServer((socket) => {
    socket.on('error', () => {})
    cluster ??= startShared()
    cluster.then(
      ({ socketDirectory, port }) => socket.end(JSON.stringify({ socketDirectory, port, template })),
      (error) => socket.end(JSON.stringify({ error: String(error?.stack ?? error) })),
    )
  }).listen(path)
  await once(broker, 'listening')
  broker.unref()
  project.provide('postgresBroker', path)
  return async () => {
    broker.close()
    await cluster?.then(
      (started) => started.remove(),
      () => {},
    )
    discard()
  }
}

async function startShared(): Promise<Cluster> {
  const cluster = await startCluster()
  try {
    await administer(cluster, `create database ${template}`)
    const url = cluster.url(template)
    const database = await openPostgres({
      url,
      allowUndurable: true,
      waitMs: 30_000,
      connectMs: 30_000,
      statementMs: 0,
    })
    await createMigrator(database).up()
    await database.close()
    return cluster
  } catch (error) {
    await cluster.remove()
    throw error
  }
}
