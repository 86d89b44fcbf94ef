import { createRequire } from 'node:module'

// biome-ignore lint/suspicious/noExplicitAny: the SDK is JavaScript of 2016, without types
export type Sdk = any

const require = createRequire(import.meta.url)

/** The last SDK for Node that was published, as it was published. */
export const stormpath: Sdk = require('stormpath')

export const strategies: Sdk = createRequire(require.resolve('stormpath'))('stormpath-config').strategy

/** Calls a method that takes a callback last. */
export function call(object: Sdk, method: string, ...args: unknown[]): Promise<Sdk> {
  return new Promise((resolve, reject) => {
    object[method](...args, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)))
  })
}

/** A client that has read its configuration. */
export function openClient(baseUrl: string, apiKey: { id: string; secret: string }): Promise<Sdk> {
  return new Promise((resolve, reject) => {
    const client = new stormpath.Client({ client: { apiKey, baseUrl } })
    client.on('error', reject)
    client.on('ready', () => resolve(client))
  })
}

/** The members of a collection over all its pages. */
export function all(collection: Sdk): Promise<Sdk[]> {
  return new Promise((resolve, reject) => {
    const items: Sdk[] = []
    collection.each(
      (item: Sdk, next: () => void) => {
        items.push(item)
        next()
      },
      (error: unknown) => (error ? reject(error) : resolve(items)),
    )
  })
}
