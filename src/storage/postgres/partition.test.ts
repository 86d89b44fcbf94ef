import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, sharedCluster, type TestDatabase } from '../../../test/support/postgres.ts'
import { openPostgres } from './database.ts'

let home: TestDatabase

beforeAll(async () => {
  home = await createDatabase({ empty: true })
})

afterAll(() => home?.drop())

/** A way to the server that can be cut: what is sent then vanishes, and nothing is closed. */
async function createWay() {
  const { socketDirectory, port } = await sharedCluster()
  const sockets = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    const far = connect(`${socketDirectory}/.s.PGSQL.${port}`)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('data', (data) => cut || to.write(data))
      from.on('close', () => to.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(home.url)
  return {
    url: `postgres://postgres@127.0.0.1:${(server.address() as AddressInfo).port}${url.pathname}`,
    cut: (yes: boolean) => {
      cut = yes
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('GOAL-C5 a network that swallows everything is answered nevertheless, and forgotten when it is back', async () => {
  const way = await createWay()
  const database = await openPostgres({
    url: way.url,
    statementMs: 1000,
    waitMs: 500,
    connectMs: 4000,
    allowUndurable: true,
  })
  const read = () => database.reader.get('select 1 as n', [])
  const write = () => database.write((tx) => tx.get('select 2 as n', []))
  const both = () => Promise.all([read(), write()])
  await expect.poll(both, { interval: 100 }).toEqual([{ n: 1 }, { n: 2 }])

  way.cut(true)
  // those on an open connection learn it by its silence, those after them by waiting for another one
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.allSettled([read(), read(), read(), write(), write()])
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'overloaded' } })
  }

  way.cut(false)
  await expect.poll(both, { interval: 100 }).toEqual([{ n: 1 }, { n: 2 }])
  await database.close()
  way.close()
})
