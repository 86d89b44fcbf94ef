import { type ApiKeyPair, createClient, type Engine } from '../../src/client.ts'

/** The example of `createClient`, line by line, over an engine in this process. */
export async function example(engine: Engine, apiKey: ApiKeyPair, log: (...values: unknown[]) => void): Promise<void> {
  const client = createClient<{ account: { plan?: string } }>({ engine, apiKey })
  const shop = await client.applications.create({ name: 'Shop' }, { createDirectory: true })

  const password = 'correct horse battery'
  await shop.accounts.create({ email: 'joe@example.com', password, customData: { plan: 'pro' } })
  const joe = await shop.authenticate({ login: 'joe@example.com', password })
  await joe.update({ givenName: 'Joe' })

  for await (const account of shop.accounts.list({ email: '*@example.com', expand: ['customData', 'directory'] })) {
    log(account.givenName, account.directory.name, account.customData.data.plan)
  }
}
