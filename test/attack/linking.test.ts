import { type Body, describeAttacks, type Json, link, PASSWORD, type Target } from './attack.ts'

const VERIFIED = { emailVerificationStatus: 'VERIFIED' }
const FOLLOW = 'core/linking/follow-links.ts'
const BOTH_VERIFIED = {
  file: FOLLOW,
  find: "if (account.emailVerificationStatus !== 'VERIFIED') return account",
  replace: '',
}
const WHEN_LINKED = {
  file: FOLLOW,
  find: "if (now?.email !== email || now.emailVerificationStatus !== 'VERIFIED') return false",
  replace: '',
}

/** The victim is in the default store, the attacker in another that anybody may write to. */
async function scene(target: Target, policy: Body) {
  const { application, directory: inside } = await target.newApplicationWithDirectory()
  const open = await target.newDirectory()
  await target.newMapping(application, open)
  await target.update(application.accountLinkingPolicy.href, { status: 'ENABLED', ...policy })
  const victim = await target.newAccount(inside, { ...VERIFIED })
  return { application, inside, open, victim }
}

/** Whom a log-in of the attacker ends in. */
async function reached(target: Target, application: Json, attacker: Json): Promise<string> {
  const answer = await target.login(application, attacker.username, PASSWORD)
  return answer.status === 200 ? answer.body.account.href : `refused with ${answer.body.code}`
}

describeAttacks('Account linking', [
  {
    id: 'ATTACK-E1 REST-Q5',
    title: "registering the victim's address where none is verified, to be linked to the victim",
    guard: 'asking for a verified address of whoever logs in',
    edits: [BOTH_VERIFIED, WHEN_LINKED],
    onPostgres: true,
    async run(target) {
      const { application, open, victim } = await scene(target, { matchingProperty: 'email' })
      const attacker = await target.newAccount(open, { email: victim.email, emailVerificationStatus: 'UNVERIFIED' })
      const href = await reached(target, application, attacker)
      return href === victim.href ? 'the attacker is in as the victim' : undefined
    },
  },
  {
    id: 'ATTACK-E1 REST-Q5',
    title: 'waiting in the default store under an address that is not verified, for its owner to come by another',
    guard: 'asking for a verified address of whom it is matched with',
    edits: [{ file: FOLLOW, find: "match.emailVerificationStatus === 'VERIFIED' &&", replace: '' }, WHEN_LINKED],
    async run(target) {
      const { application, inside, open } = await scene(target, { matchingProperty: 'email' })
      const owner = await target.newAccount(open, { ...VERIFIED })
      const trap = await target.newAccount(inside, { email: owner.email, emailVerificationStatus: 'UNVERIFIED' })
      const href = await reached(target, application, owner)
      return href === trap.href ? 'the owner works in the account of the attacker' : undefined
    },
  },
  {
    id: 'ATTACK-E1 REST-Q6',
    title: "taking the victim's address in the default store before the victim comes",
    guard: 'making accounts of verified addresses alone',
    edits: [BOTH_VERIFIED, WHEN_LINKED],
    async run(target) {
      const { application, open } = await scene(target, { automaticProvisioning: 'ENABLED' })
      const attacker = await target.newAccount(open, { emailVerificationStatus: 'UNVERIFIED' })
      const href = await reached(target, application, attacker)
      return href === attacker.href ? undefined : 'there is an account with an address that nobody has verified'
    },
  },
  {
    id: 'ATTACK-E8 REST-Q5',
    title: "verifying an address that only folds to the victim's",
    guard: 'holding addresses to be one mailbox only when they are the same',
    edits: [{ file: FOLLOW, find: 'isSameMailbox(match.email, account.email) &&', replace: '' }],
    async run(target) {
      const { application, inside, open } = await scene(target, { matchingProperty: 'email' })
      const victim = await target.newAccount(inside, { email: 'mike.kind@example.com', ...VERIFIED })
      const attacker = await target.newAccount(open, { email: 'm\u0131ke.kind@example.com', ...VERIFIED })
      const href = await reached(target, application, attacker)
      return href === victim.href ? 'another mailbox got in' : undefined
    },
  },
  {
    id: 'ATTACK-E1 REST-Q5',
    title: "changing a verified address to the victim's",
    guard: 'a new address being verified no more',
    edits: [
      {
        file: 'core/accounts.ts',
        find: "values.emailVerificationStatus ??= 'UNVERIFIED'",
        replace: 'values.email = values.email as string',
      },
    ],
    async run(target) {
      const { application, open, victim } = await scene(target, { matchingProperty: 'email' })
      const attacker = await target.newAccount(open, { ...VERIFIED })
      await target.update(attacker.href, { email: victim.email })
      const href = await reached(target, application, attacker)
      return href === victim.href ? 'the old verification held for the new address' : undefined
    },
  },
  {
    id: 'ATTACK-E1 REST-Q4',
    title: 'getting into a disabled account by one that is linked to it',
    guard: 'looking at the status of where a link leads',
    edits: [{ file: FOLLOW, find: 'if (linked) return requireEnabled(linked)', replace: 'if (linked) return linked' }],
    async run(target) {
      const { application, open, victim } = await scene(target, {})
      const other = await target.newAccount(open)
      await target.create('/accountLinks', { leftAccount: link(other), rightAccount: link(victim) })
      await target.update(victim.href, { status: 'DISABLED' })
      const href = await reached(target, application, other)
      return href === victim.href ? 'a disabled account was logged in to' : undefined
    },
  },
  {
    id: 'ATTACK-F9 REST-Q2',
    title: 'linking to an account of another tenant',
    guard: 'looking for both accounts in the tenant of the caller',
    edits: [
      {
        file: 'core/linking/account-links.ts',
        find: "(await tx.lock('account', context.tenant, id)) ?? refuse('notFound', {})",
        replace:
          "(await tx.lock('account', context.tenant, id)) ?? ({ id, tenant: context.tenant, directory: id } as Account)",
      },
    ],
    async run(target) {
      const theirs = await (await target.stranger()).newStranger()
      const mine = await target.newStranger()
      const answer = await target.post('/accountLinks', { leftAccount: link(mine), rightAccount: link(theirs) })
      return answer.status === 404 ? undefined : `answered ${answer.status}: ${answer.text.slice(0, 200)}`
    },
  },
])
