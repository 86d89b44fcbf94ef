/** The limit of a read on PostgreSQL: bare `node:http` that reads one row through the pool of `pg` and sends it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { answerQuestions } from './child.ts'

export interface PostgresReadQuestion {
  url: string
  poolSize: number
  /** The row's keys. */
  tenant: string
  id: string
}

let pool: pg.Pool | undefined
const server = createServer()

answerQuestions(
  async ({ url, poolSize, tenant, id }: PostgresReadQuestion) => {
    const connections = new pg.Pool({ connectionString: url, max: poolSize })
    pool = connections
    const query = {
      name: 'account',
      text: 'select * from accounts where tenant_id = $1 and id = $2',
      values: [tenant, id],
    }
    server.on('request', async (_request, response) => {
      const { rows } = await connections.query(query)
      const body = JSON.stringify(rows[0])
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      response.end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  },
  async () => {
    server.closeAllConnections()
    await pool?.end()
  },
)
