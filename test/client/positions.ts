import { afterAll, beforeAll, describe } from 'vitest'
import { type Client, createClient } from '../../src/client/client.ts'
import type { CustomDataTypes } from '../../src/client/types/names.ts'
import { type AppOptions, createApp } from '../../src/server/app.ts'
import { listen } from '../../src/server/listen.ts'

/** Satisfies the password rules of both presets. */
export const password = 'Copper-Kettle-4471'

/** Runs the same tests with the service in this process and over HTTP. */
export function describePositions<C extends CustomDataTypes = {}>(
  title: string,
  tests: (client: () => Client<C>) => void,
): void {
  describe.each([
    ['in process', startEmbedded<C>],
    ['over HTTP', startRemote<C>],
  ] as const)(`${title}, %s`, (_, start) => {
    let started: Started<C> | undefined
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started?.stop())
    tests(() => {
      if (!started) throw new Error('the service is there only while tests run')
      return started.client
    })
  })
}

interface Started<C> {
  client: Client<C>
  stop(): Promise<void>
}

export const apiKey = { id: 'CLIENTTESTKEY000000000TEST', secret: 'a-secret-that-only-these-tests-know-0123456789' }
export const options: AppOptions = { inMemory: true, insecureTestCost: true, log: () => {}, environment: {}, apiKey }

async function startEmbedded<C extends CustomDataTypes>(): Promise<Started<C>> {
  const app = await createApp({ ...options, baseUrl: 'http://localhost:4000' })
  return { client: createClient<C>({ engine: app, apiKey }), stop: () => app.close() }
}

async function startRemote<C extends CustomDataTypes>(): Promise<Started<C>> {
  const listener = await listen({ host: '127.0.0.1', port: 0, log: () => {} })
  const url = `http://127.0.0.1:${listener.port}`
  const app = await createApp({ ...options, baseUrl: url })
  listener.serve(app.handle)
  return {
    client: createClient<C>({ url, apiKey }),
    async stop() {
      await listener.close(100)
      await app.close()
    },
  }
}
