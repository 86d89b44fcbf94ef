import type { IncomingMessage, Server } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import type { Handler, LightResponse } from '../std/exchange.ts'
import { createNodeListener, refuseConnect } from '../std/node-exchange.ts'
import { answerWhileStarting } from './health.ts'
import { failedRequest, type Log } from './log.ts'
import { Mistake } from './mistake.ts'
import { environmentName, flagName, type OptionName } from './options.ts'

export interface Listener {
  /** The port in use, also when any was asked for. */
  readonly port: number
  /** Answers with this handler from now on. Until then health is told, and every other request waits. */
  serve(handler: Handler): void
  /** From now on every answer asks its client to close the connection. */
  drain(): void
  /** Accepts no more connections, lets requests under way finish for at most `timeout` ms, and closes all. */
  close(timeout: number): Promise<void>
}

/** Node's own defaults leave a slow client a minute for its headers and look every 30 seconds (security/goals.md G5). */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  // longer than the idle time of the usual proxies, so that it is they who close
  keepAliveTimeout: 65_000,
}

/** How long nothing may go either way before we hang up: a client that never reads its answers would keep them for ever. */
const idleTimeout = 60_000

// An import of node:http reads every one of its exports, and one of those loads a whole HTTP client: 15 MB and 25 ms.
const { createServer } = process.getBuiltinModule('node:http')

/** How long a request that crosses our closing on an idle connection is still answered. */
const crossing = 100

export interface ListenOptions {
  host: string
  port: number
  log: Log
  /** Connections at the same time; what comes beyond is hung up on. Any number when absent. */
  maxConnections?: number
  /** The settings that say so, where they are not `host` and `port`. */
  settings?: Where
}

interface Where {
  host: OptionName
  port: OptionName
}

/**
 * Binds an HTTP/1.1 server.
 * @throws Mistake when the port or the address cannot be had
 */
export async function listen({
  host,
  port,
  log,
  maxConnections,
  settings = { host: 'host', port: 'port' },
}: ListenOptions): Promise<Listener> {
  const started = Promise.withResolvers<Handler>()
  let answer: Handler = async (request) => answerWhileStarting(request) ?? (await started.promise)(request)
  let draining = false
  const mark = (response: LightResponse) => (draining ? closing(response) : response)
  const respond = createNodeListener((request) => answer(request).then(mark), {
    onError: (error) => log(failedRequest(error)),
  })
  const server = createServer(limits)
  server.setTimeout(idleTimeout)
  if (maxConnections !== undefined) limitConnections(server, maxConnections, log)
  const unused = trackUnused(server)
  server.on('request', respond).on('connect', refuseConnect)
  await bind(server, host, port, settings)
  // A connection that could not be accepted, for want of file descriptors say, is no reason to end.
  server.on('error', (error) => log({ level: 'error', event: 'http.accept_failed', msg: error.message }))

  return {
    port: (server.address() as AddressInfo).port,
    serve(handler) {
      answer = handler
      started.resolve(handler)
    },
    drain() {
      draining = true
    },
    async close(timeout) {
      draining = true
      const closed = Promise.withResolvers<void>()
      // not http.Server.close, which hangs up at once on idle connections, whatever is on its way through them
      NetServer.prototype.close.call(server, () => closed.resolve())
      const idle = setInterval(() => {
        server.closeIdleConnections()
        for (const socket of unused) socket.destroy()
      }, crossing)
      const force = setTimeout(() => server.closeAllConnections(), timeout)
      await closed.promise
      clearInterval(idle)
      clearTimeout(force)
      server.close(() => {})
    },
  }
}

/** The operator hears of it once a minute at most. */
function limitConnections(server: Server, most: number, log: Log): void {
  server.maxConnections = most
  let told = -Infinity
  server.on('drop', () => {
    if (performance.now() - told < 60_000) return
    told = performance.now()
    log({
      level: 'warn',
      event: 'http.connections_refused',
      msg: `there are ${most} connections, and more are hung up on`,
      fix: `set maxConnections (${environmentName('maxConnections')}) to more if they are those of your clients`,
    })
  })
}

/** Connections that have not sent a request yet, as browsers keep in store; Node does not count them as idle. */
function trackUnused(server: Server): Set<Socket> {
  const unused = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket))
  return unused
}

function closing(response: LightResponse): LightResponse {
  return { ...response, headers: { ...response.headers, connection: 'close' } }
}

function bind(server: Server, host: string, port: number, settings: Where): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(toMistake(error, host, port, settings))
    server.once('error', refuse).listen(port, host, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

function toMistake(error: NodeJS.ErrnoException, host: string, port: number, settings: Where): unknown {
  const fix = (name: OptionName, value: string | number) => `latchkey serve ${flagName(name)} ${value}`
  if (error.code === 'EADDRINUSE') {
    return new Mistake(`${settings.port} ${port} is in use by another program`, fix(settings.port, port + 1))
  }
  if (error.code === 'EACCES') {
    const what = `${settings.port} ${port} needs more rights than this user has`
    return new Mistake(what, fix(settings.port, 4000), 'permission')
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return new Mistake(`${settings.host} ${host} is not an address of this machine`, fix(settings.host, '127.0.0.1'))
  }
  return error
}
