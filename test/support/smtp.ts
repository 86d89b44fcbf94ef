import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail server of a test's own. */
export interface Smtp extends AsyncDisposable {
  port: number
  url: string
  /** What it took over, in its order. */
  received: ParsedMail[]
  /** The envelopes of these, recipients as they were named. */
  recipients: string[][]
}

export interface SmtpTrouble {
  /** Asked before each mail is taken over; an error refuses it. */
  refuse?: (attempt: number) => Error | undefined
  /** Further settings of the server. */
  server?: SMTPServerOptions
}

export const SMTP_USER = { username: 'mailer', password: 'a-mail-password' }

/** Starts an SMTP server on a free port, with STARTTLS off and one user. */
export async function startSmtp({ refuse, server: more = {} }: SmtpTrouble = {}): Promise<Smtp> {
  const received: ParsedMail[] = []
  const recipients: string[][] = []
  let attempts = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    allowInsecureAuth: true,
    // Connections that a sender keeps open end with the test.
    closeTimeout: 50,
    onAuth({ username, password }, _session, done) {
      const known = username === SMTP_USER.username && password === SMTP_USER.password
      if (known) done(null, { user: username })
      else done(Object.assign(new Error('Invalid username or password'), { responseCode: 535 }))
    },
    onData(stream, session, done) {
      simpleParser(stream).then((mail) => {
        const refusal = refuse?.(++attempts)
        if (refusal) return done(refusal)
        received.push(mail)
        recipients.push(session.envelope.rcptTo.map(({ address }) => address))
        done()
      }, done)
    },
    ...more,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    recipients,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

let shared: Promise<Smtp> | undefined

/** What the creation of an SMTP server needs, with a server behind it that runs as long as the tests of the file. */
export async function smtpServerValues() {
  shared ??= startSmtp()
  const { port } = await shared
  return { ...SMTP_USER, host: '127.0.0.1', port }
}
