import { SMTP_USER, startSmtp } from '../support/smtp.ts'
import { accountValues, describeAttacks, idOf, type Json, type Target } from './attack.ts'

const NEW_PASSWORD = 'Walnut-Harbour-2983'

const captured = { mail: true } as const

describeAttacks('Mailed links', [
  {
    id: 'ATTACK-A4 GOAL-D4',
    title: 'using one reset link 64 times at once, each time for another password',
    guard: 'tokens that are consumed',
    edits: [
      { file: 'core/emails/link-tokens.ts', find: 'work.tx.consume(', replace: 'work.tx.peek(' },
      {
        file: 'core/emails/link-tokens.ts',
        find: '(issued.password === undefined || issued.password === sha256(password)) &&',
        replace: '(password as unknown) !== 0 &&',
      },
    ],
    made: captured,
    onPostgres: true,
    async run(target) {
      const { href } = await resetOf(target)
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, at) => target.post(href, { password: `${NEW_PASSWORD}-${at}` })),
      )
      const done = answers.filter(({ status }) => status === 200).length
      const odd = answers.find(({ status }) => ![200, 404, 503].includes(status))
      if (odd) return `answer ${odd.status} ${odd.text}`
      return done === 1 ? undefined : `${done} uses succeeded`
    },
  },
  {
    id: 'ATTACK-A4 GOAL-D4',
    title: 'using one verification link 64 times at once',
    guard: 'tokens that are consumed',
    edits: [{ file: 'core/emails/link-tokens.ts', find: 'work.tx.consume(', replace: 'work.tx.peek(' }],
    made: captured,
    onPostgres: true,
    async run(target) {
      const { emailVerificationToken } = await unverified(target)
      const answers = await Promise.all(Array.from({ length: 64 }, () => target.post(emailVerificationToken.href)))
      const done = answers.filter(({ status }) => status === 200).length
      return done === 1 ? undefined : `${done} uses succeeded`
    },
  },
  {
    id: 'GOAL-I9',
    title: 'resetting a password by a guessed secret',
    guard: 'the comparison of the secret',
    edits: [
      {
        file: 'core/emails/link-tokens.ts',
        find: 'sameSecret(sha256(secret), issued.digest) &&',
        replace: '(sameSecret(sha256(secret), issued.digest) || true) &&',
      },
    ],
    made: captured,
    async run(target) {
      const { href } = await resetOf(target)
      const guess = `${href.slice(0, href.lastIndexOf('.') + 1)}${'A'.repeat(43)}`
      const { status } = await target.post(guess, { password: NEW_PASSWORD })
      if (status !== 404) return `a guess was answered ${status}`
      const real = await target.post(href, { password: NEW_PASSWORD })
      return real.status === 200 ? undefined : 'a guess used up the real token'
    },
  },
  {
    id: 'ATTACK-E6',
    title: 'resetting a password by a link that went to an address the account no longer has',
    guard: 'the address in the token',
    edits: [
      {
        file: 'core/emails/link-tokens.ts',
        find: 'issued.email === email &&',
        replace: '(issued.email === email || true) &&',
      },
    ],
    made: captured,
    async run(target) {
      const { href, account } = await resetOf(target)
      await target.update(account.href, { email: `moved-${account.email}` })
      const { status } = await target.post(href, { password: NEW_PASSWORD })
      return status === 404 ? undefined : `answer ${status}`
    },
  },
  {
    id: 'GOAL-I9',
    title: 'resetting a password by a link that is older than the present password',
    guard: 'the password in the token',
    edits: [
      {
        file: 'core/emails/link-tokens.ts',
        find: 'issued.password === undefined ||',
        replace: 'issued.password !== 0 as never ||',
      },
    ],
    made: captured,
    async run(target) {
      const { href, account } = await resetOf(target)
      await target.update(account.href, { password: 'Maple-Lantern-7710' })
      const { status } = await target.post(href, { password: NEW_PASSWORD })
      return status === 404 ? undefined : `answer ${status}`
    },
  },
  {
    id: 'GOAL-K7',
    title: 'resetting the password of an account that was disabled',
    guard: 'the look at its status',
    edits: [
      {
        file: 'core/emails/password-resets.ts',
        find: "if (account.status === 'DISABLED') return false",
        replace: '',
      },
    ],
    made: captured,
    async run(target) {
      const { href, account } = await resetOf(target)
      await target.update(account.href, { status: 'DISABLED' })
      const { status } = await target.post(href, { password: NEW_PASSWORD })
      return status === 404 ? undefined : `answer ${status}`
    },
  },
  {
    id: 'GOAL-J2',
    title: 'verifying an address by a reset token, and resetting a password by a verification token',
    guard: 'kinds that share nothing',
    edits: [
      {
        file: 'core/emails/link-tokens.ts',
        find: 'work.tx.issue(account.tenant, kind,',
        replace: "work.tx.issue(account.tenant, kind && 'link',",
      },
      {
        file: 'core/emails/link-tokens.ts',
        find: 'reader.peek(token.tenant, kind,',
        replace: "reader.peek(token.tenant, kind && 'link',",
      },
      {
        file: 'core/emails/link-tokens.ts',
        find: 'work.tx.consume(token.tenant, kind,',
        replace: "work.tx.consume(token.tenant, kind && 'link',",
      },
    ],
    made: captured,
    async run(target) {
      const { href } = await resetOf(target)
      const verified = await target.post(`/accounts/emailVerificationTokens/${idOf({ href })}`)
      if (verified.status !== 404) return `the reset token verified: ${verified.status}`
      const { emailVerificationToken, application } = await unverified(target)
      const to = `${application.passwordResetTokens.href}/${idOf(emailVerificationToken)}`
      const reset = await target.post(to, { password: NEW_PASSWORD })
      return reset.status === 404 ? undefined : `the verification token reset: ${reset.status}`
    },
  },
  {
    id: 'GOAL-K1',
    title: 'resetting a password by a link of another application',
    guard: 'the application in the token',
    edits: [
      {
        file: 'core/emails/link-tokens.ts',
        find: 'application === undefined || issued.application === application',
        replace: "application !== '' || issued.application === application",
      },
    ],
    made: captured,
    async run(target) {
      const { href } = await resetOf(target)
      const other = await target.newApplication()
      const { status } = await target.post(`${other.passwordResetTokens.href}/${idOf({ href })}`, {
        password: NEW_PASSWORD,
      })
      return status === 404 ? undefined : `answer ${status}`
    },
  },
  {
    id: 'GOAL-I3',
    title: 'filling a mailbox, by registering its address again and again from everywhere',
    guard: 'counting the notices to an address',
    edits: [
      { file: 'core/emails/registrations.ts', find: 'if (mayMail && account.status', replace: 'if (account.status' },
    ],
    made: captured,
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      await target.update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
      const account = await target.newAccount(directory)
      await target.app.deliverMail()
      const before = target.app.inbox?.list({ to: account.email }).length ?? 0
      for (let i = 0; i < 20; i++) {
        const { status } = await target.post(
          `${application.accounts.href}?existing=notify`,
          accountValues({ email: account.email }),
          { headers: { 'X-Latchkey-User-Address': `203.0.${i}.7` } },
        )
        if (status !== 202) return `the answer tells that there were too many: ${status}`
      }
      await target.app.deliverMail()
      const mails = (target.app.inbox?.list({ to: account.email }).length ?? 0) - before
      return mails <= 3 ? undefined : `${mails} mails went out`
    },
  },
  {
    id: 'ATTACK-J7',
    title: 'registering under a name that is HTML',
    guard: 'the escaping of what macros bring in',
    edits: [
      { file: 'core/emails/compose.ts', find: 'lookUp, escapeHtml)', replace: 'lookUp, escapeHtml && undefined)' },
    ],
    made: captured,
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      const [template] = (await target.read(`${directory.passwordPolicy.href}/resetEmailTemplates`)).items
      await target.update(template.href, { htmlBody: '<p>$!{account.givenName}</p>$!{url}' })
      const account = await target.newAccount(directory, { givenName: '<a href="https://evil.example">Click</a>' })
      await target.post(application.passwordResetTokens.href, { email: account.email })
      const mail = await target.app.inbox?.latest({ to: account.email })
      if (!mail?.html) return 'there is no mail, so nothing is proved'
      return mail.html.includes('<a href="https://evil.example">') ? 'the mail holds the link' : undefined
    },
  },
  {
    id: 'ATTACK-J7',
    title: 'registering under a name that is a macro, to read a token into another mail',
    guard: 'templates that are rendered once',
    edits: [
      {
        file: 'core/emails/macros.ts',
        find: 'return rendered + template.slice(end)',
        replace:
          'const all = rendered + template.slice(end)\n  return all === template ? all : renderMacros(all, lookUp, guard)',
      },
    ],
    made: captured,
    async run(target) {
      const { application, directory } = await target.newApplicationWithDirectory()
      const [template] = (await target.read(`${directory.passwordPolicy.href}/resetEmailTemplates`)).items
      await target.update(template.href, { subject: 'For $!{account.givenName}' })
      const account = await target.newAccount(directory, { givenName: '$!{sptoken}' })
      const { body } = await target.post(application.passwordResetTokens.href, { email: account.email })
      const mail = await target.app.inbox?.latest({ to: account.email })
      if (!mail) return 'there is no mail, so nothing is proved'
      return mail.subject.includes(idOf(body)) ? 'the subject holds the token' : undefined
    },
  },
  {
    id: 'ATTACK-E9',
    title: 'registering addresses that a mail program takes for several',
    guard: 'addresses that are handed over whole, and are those of one mailbox',
    edits: [
      {
        file: 'core/emails/compose.ts',
        find: '|| !isMailbox(payload.to)',
        replace: '|| (payload.to as unknown) === isMailbox',
      },
      { file: 'mail/smtp.ts', find: 'if (!isMailbox(address))', replace: 'if (isMailbox as unknown === address)' },
      { file: 'mail/smtp.ts', find: 'to: { ...to },', replace: 'to: to.address,' },
    ],
    made: captured,
    async run(target) {
      await using smtp = await startSmtp()
      await target.create('/smtpServers', { ...SMTP_USER, host: '127.0.0.1', port: smtp.port })
      const { application, directory } = await target.newApplicationWithDirectory()
      const tricks = [
        'a,evil@evil.example',
        'a@x.example,evil@evil.example',
        'a@x.example\r\nBcc: evil@evil.example',
        'a;evil@evil.example',
        '"a"<evil@evil.example>',
        'a(x)evil@evil.example',
        'group:evil@evil.example;',
      ]
      let accepted = 0
      for (const email of tricks) {
        const made = await target.post(directory.accounts.href, accountValues({ email }))
        if (made.status !== 201) continue
        accepted++
        await target.post(application.passwordResetTokens.href, { email })
      }
      await target.app.deliverMail()
      const stray = smtp.recipients.flat().find((address) => !tricks.includes(address))
      if (accepted === 0) return 'no address was accepted, so nothing is proved'
      return stray === undefined ? undefined : `${stray} got a mail`
    },
  },
  {
    id: 'GOAL-F5 GOAL-M5',
    title: 'reading the tokens of waiting mails in the database',
    guard: 'sealing what a queued mail carries',
    edits: [
      {
        file: 'core/emails/outbox.ts',
        find: 'services.seal.seal(JSON.stringify(payload), payloadPlace(context.tenant, id))',
        replace: 'JSON.stringify([payload, payloadPlace(context.tenant, id)])',
      },
    ],
    async run(target) {
      // A server that refuses: what is for it waits.
      await using smtp = await startSmtp({ refuse: () => Object.assign(new Error('later'), { responseCode: 451 }) })
      await target.create('/smtpServers', { ...SMTP_USER, host: '127.0.0.1', port: smtp.port })
      const { href } = await resetOf(target)
      await target.app.deliverMail()
      const now = target.clock.now() + 3_600_000
      const waiting = await target.app.engine.services.store.outbox.claim(now, now, 100)
      if (waiting.length === 0) return 'no mail waits, so nothing is proved'
      const secret = href.slice(href.lastIndexOf('.') + 1)
      return waiting.some(({ payload }) => payload.includes(secret)) ? 'the token lies there in clear' : undefined
    },
  },
])

/** A reset token of an account, whose holder asked for it. */
async function resetOf(target: Target): Promise<{ href: string; account: Json }> {
  const { application, directory } = await target.newApplicationWithDirectory()
  const account = await target.newAccount(directory)
  const { body } = await target.post(application.passwordResetTokens.href, { email: account.email })
  return { href: body.href, account }
}

/** An account whose address is to be verified. */
async function unverified(target: Target): Promise<Json> {
  const { application, directory } = await target.newApplicationWithDirectory()
  await target.update(directory.accountCreationPolicy.href, { verificationEmailStatus: 'ENABLED' })
  return { ...(await target.newAccount(directory)), application }
}
