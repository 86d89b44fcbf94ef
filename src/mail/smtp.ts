import { RefusedForGood } from '../core/outbox/sender.ts'
import type { MailServer, MailServerFault, Message } from '../core/ports.ts'
import { isMailbox } from '../std/mail-address.ts'
import { addressOf } from '../std/reachable.ts'
import type { Transport } from './transport.ts'

/** Where and how to hand mail over. */
export interface SmtpOptions {
  host: string
  port: number
  /** Encrypted from the first byte; else STARTTLS where it is offered. */
  implicitTls: boolean
  /** Without encryption nothing is said. */
  requireTls: boolean
  username?: string
  password?: string
}

/** Milliseconds. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }

/**
 * The settings in `smtp://user:password@host:587` or `smtps://…:465`; undefined for what is no such URL. A password is
 * not sent without encryption except to this machine.
 */
export function parseSmtpUrl(text: string): SmtpOptions | undefined {
  const url = URL.parse(text)
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '' || !/^\/?$/.test(url.pathname)) return undefined
  const implicitTls = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const username = decode(url.username)
  const password = decode(url.password)
  if (username === undefined || password === undefined) return undefined
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.')
  return {
    host,
    port: url.port === '' ? (implicitTls ? 465 : 587) : Number(url.port),
    implicitTls,
    requireTls: username !== '' && !isLocal,
    ...(username !== '' && { username, password }),
  }
}

/** The same for a server that a tenant set up. */
export function toSmtpOptions({ host, port, username, password, securityProtocol }: MailServer): SmtpOptions {
  return {
    host,
    port,
    username,
    password,
    implicitTls: securityProtocol === 'SSL',
    requireTls: securityProtocol === 'TLS',
  }
}

/** Hands mail over to an SMTP server; a few connections stay open while there is something to send. */
export function createSmtpTransport(options: SmtpOptions, access = { allowInside: true }): Transport {
  let transporter: Promise<Awaited<ReturnType<typeof connect>>> | undefined
  return {
    async send(message) {
      transporter ??= connect(options, access, { pool: true, maxConnections: 3 })
      transporter.catch(() => {
        transporter = undefined
      })
      const mail = toMail(message)
      try {
        await (await transporter).sendMail(mail)
      } catch (error) {
        throw isRefusal(error) ? new RefusedForGood(describe(error), { cause: error }) : error
      }
    },
    async close() {
      const open = await transporter?.catch(() => undefined)
      open?.close()
    },
  }
}

/** Connects and logs in, and says what is wrong; undefined when all is well. */
export async function checkSmtp(
  options: SmtpOptions,
  access: { allowInside: boolean },
): Promise<MailServerFault | undefined> {
  try {
    const transporter = await connect(options, access, {
      connectionTimeout: 5000,
      greetingTimeout: 5000,
      socketTimeout: 5000,
    })
    try {
      await transporter.verify()
    } finally {
      transporter.close()
    }
    return undefined
  } catch (error) {
    return faultOf(error)
  }
}

async function connect(options: SmtpOptions, access: { allowInside: boolean }, more: object) {
  const { host, port, implicitTls, requireTls, username, password } = options
  const address = await addressOf(host, access)
  // Loaded with the first mail, not with the service.
  const { createTransport } = await import('nodemailer')
  return createTransport({
    ...patience,
    ...more,
    host: address,
    port,
    secure: implicitTls,
    requireTLS: requireTls,
    tls: { servername: host },
    ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/**
 * A message in nodemailer's words. Addresses are handed over as objects and looked at here once more: in a text, nodemailer
 * would take a line end or a comma for a further recipient.
 */
function toMail({ messageId, to, from, subject, text, html }: Message) {
  for (const { address } of [to, from]) {
    if (!isMailbox(address)) throw new RefusedForGood('an address is none')
  }
  return {
    messageId,
    to: { ...to },
    from: { ...from },
    subject,
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    // Mail programs that answer for their owner leave it.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

interface SmtpError extends Error {
  code?: string
  responseCode?: number
  rejected?: readonly unknown[]
}

function isRefusal(error: unknown): boolean {
  const { code, responseCode = 0, rejected = [] } = error as SmtpError
  return code === 'EENVELOPE' && responseCode >= 500 && rejected.length > 0
}

function faultOf(error: unknown): MailServerFault {
  const { code = '', message } = error as SmtpError
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'unauthenticated'
  if (code === 'ETLS' || /\b(SSL|TLS|STARTTLS|certificate|wrong version number)\b/i.test(`${code} ${message}`))
    return 'insecure'
  return 'unreachable'
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
