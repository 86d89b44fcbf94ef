import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { inject } from 'vitest'
import { type ClusterAddress, createDatabaseIn, type TestDatabase } from './postgres-cluster.ts'
import type { SharedCluster } from './postgres-setup.ts'

export { type Cluster, type ClusterOptions, startCluster, type TestDatabase } from './postgres-cluster.ts'

let shared: Promise<SharedCluster> | undefined

/**
 * A database of its own on the cluster that the whole run shares; it starts when a first test asks. Migrated, unless
 * `empty`. Drop it after: `await using database = await createDatabase()`, or in `afterAll`.
 */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { template, ...address } = await sharedCluster()
  return createDatabaseIn(address, options.empty ? undefined : template)
}

/** Where the shared cluster listens, for tests that administer it. */
export async function sharedCluster(): Promise<SharedCluster & ClusterAddress> {
  shared ??= ask(inject('postgresBroker'))
  return shared
}

async function ask(broker: string): Promise<SharedCluster> {
  const answer = JSON.parse(await text(createConnection(broker))) as SharedCluster | { error: string }
  if ('error' in answer) throw new Error(answer.error)
  return answer
}
