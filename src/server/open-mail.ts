import type { MailKind } from '../core/emails/default-templates.ts'
import type { Engine } from '../core/engine.ts'
import { createSender, type Sender } from '../core/outbox/sender.ts'
import type { Mail, Message, Store } from '../core/ports.ts'
import { createConsoleTransport } from '../mail/console.ts'
import { createDelivery } from '../mail/deliver.ts'
import { createInbox, type Inbox } from '../mail/inbox.ts'
import { checkSmtp, createSmtpTransport, parseSmtpUrl, toSmtpOptions } from '../mail/smtp.ts'
import { createFunctionTransport, type Transport } from '../mail/transport.ts'
import type { Clock } from '../std/clock.ts'
import type { Settings } from './config.ts'
import { inboxPath } from './inbox-path.ts'
import { errorFields, type Log } from './log.ts'
import { Mistake } from './mistake.ts'
import { environmentName, options } from './options.ts'

/** A function that sends a mail in the application's own way; a rejection means that it is tried again. */
export type SendMail = (message: Message) => Promise<void> | void

export interface MailParts {
  /** What the engine needs of it. */
  service: Mail
  transport: Transport | undefined
  /** Where mails are captured: in development, or because the settings say so. Never in production. */
  inbox: Inbox | undefined
  /** Told of mail that was queued; set once there is somebody to send it. */
  wake: () => void
  settled: () => Promise<void>
}

/**
 * The way out of mails that the settings name.
 *
 * @param shownAt - what the addresses of captured mails begin with in the log
 * @throws Mistake where mails would only be captured in production
 */
export function openMail(
  settings: Pick<Settings, 'mail' | 'development' | 'exposed'>,
  origin: string,
  { clock, log, sendMail, shownAt }: { clock: Clock; log: Log; sendMail?: SendMail | undefined; shownAt: string },
): MailParts {
  const { url = settings.development ? 'inbox:' : undefined, from, allowPrivateServers } = settings.mail
  if (url === 'inbox:' && settings.exposed) {
    throw new Mistake('mail.url is inbox:, which shows mails to everybody, in production', mailFix)
  }
  const parts: MailParts = {
    service: {
      enabled: false,
      from: from ?? {
        name: '',
        address: `no-reply@${new URL(origin).hostname.replace(/^\[.*\]$|^[\d.]+$/, 'localhost')}`,
      },
      check: (server) => checkSmtp(toSmtpOptions(server), { allowInside: allowPrivateServers }),
    },
    transport: undefined,
    inbox: undefined,
    wake() {},
    async settled() {},
  }
  if (sendMail) parts.transport = createFunctionTransport(sendMail)
  else if (url === 'inbox:') {
    parts.inbox = createInbox({
      now: () => clock.now(),
      settled: () => parts.settled(),
      onMail({ id, to, subject }) {
        const page = `${shownAt}${inboxPath}/${id}`
        log({ level: 'warn', event: 'mail.captured', msg: `mail to ${to}, "${subject}": ${page}` })
      },
    })
    parts.transport = parts.inbox
  } else if (url === 'console:') {
    parts.transport = createConsoleTransport((text) => process.stderr.write(`\n${text}\n\n`))
  } else if (url !== undefined && url !== 'none') {
    const smtp = parseSmtpUrl(url)
    if (smtp) parts.transport = createSmtpTransport(smtp)
  }
  parts.service.enabled = parts.transport !== undefined
  return parts
}

export interface Post {
  sender: Sender
  /** Ends what is on its way, and closes connections. */
  close(timeout: number): Promise<void>
}

/** Starts to send what the engine queues. */
export function startPost(
  engine: Engine,
  parts: MailParts,
  { allowPrivateServers, log, clock }: { allowPrivateServers: boolean; log: Log; clock: Clock },
): Post {
  const { outbox } = engine.services.store
  const delivery = createDelivery({
    services: engine.services,
    transport: parts.transport,
    allowInside: allowPrivateServers,
    async onFallback(server, error) {
      const reason = error instanceof Error ? error.message : String(error)
      log({
        level: 'warn',
        event: 'mail.server_failed',
        msg: "a tenant's own mail server failed; the service's own way is taken",
        tenant: server.tenant,
        err: errorFields(error),
      })
      await engine.reportMailServerFailure(server, reason)
    },
  })
  const sender = createSender({
    outbox,
    clock,
    async send(item) {
      const message = await engine.composeMail({ ...item, kind: item.kind as MailKind, account: item.subject })
      if (message) await delivery.deliver(item, message)
    },
    onFailure(mail, error, final) {
      log({
        level: 'warn',
        event: final ? 'mail.given_up' : 'mail.failed',
        msg: final ? 'a mail was given up' : 'a mail could not be sent and is tried again',
        mail: mail.id,
        tenant: mail.tenant,
        kind: mail.kind,
        attempts: mail.attempts,
        err: errorFields(error),
      })
    },
  })
  parts.wake = sender.wake
  parts.settled = sender.settled
  sender.wake()
  return {
    sender,
    async close(timeout) {
      await sender.stop(timeout)
      await delivery.close()
    },
  }
}

const mailFix = `export ${environmentName('mail.url')}=${options['mail.url'].example}`

/**
 * Wanted before a service is opened to others: mails that a workflow promises must have a way out.
 * @throws Mistake when nothing is said about mail and some directory sends some
 */
export async function requireMail(
  { mail, exposed }: Pick<Settings, 'mail' | 'exposed'>,
  store: Pick<Store, 'firstTenant' | 'sendsMail'>,
  sendMail: SendMail | undefined,
): Promise<void> {
  if (!exposed || mail.url !== undefined || sendMail) return
  // A new tenant resets forgotten passwords by mail.
  if ((await store.firstTenant()) && !(await store.sendsMail())) return
  throw new Mistake(
    'mail.url is not set, and directories send mail: links to reset forgotten passwords, for instance',
    `${mailFix} (or =none, to go without)`,
  )
}
