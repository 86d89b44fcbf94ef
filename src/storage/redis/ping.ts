import { loadDriver } from './driver.ts'

/** Rejects where a Redis does not answer within two seconds. */
export async function pingRedis(url: string): Promise<void> {
  const { Redis } = await loadDriver()
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 2000,
    retryStrategy: () => null,
  })
  // Told by the promises.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}
