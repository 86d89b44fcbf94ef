import { createDataKey } from '../../crypto/seal.ts'
import type { Entity } from '../../resources/registry.ts'
import { Problem, refuse } from '../../schema/problems.ts'
import { isSameMailbox } from '../../std/mail-address.ts'
import { defaultAccountStore, type NewAccountPlace } from '../account-stores.ts'
import type { Work } from '../context.ts'
import { checkEmailDomain } from '../policies/email-domains.ts'
import { NO_PASSWORD } from '../policies/no-password.ts'
import type { Reader } from '../ports.ts'
import { linkedAccounts, obstacleTo } from './account-links.ts'

type Account = Entity<'account'>

/** Where somebody logged in. */
export interface LoginPlace {
  application: string
  /** The organization that the log-in named: its policy and its default store hold instead. */
  organization?: string | undefined
}

/**
 * The account that a log-in ends in (contract/rest.md 13.6): the one in the default account store that is linked to the one
 * that logged in, found or made as the linking policy says; else the one that logged in. In the transaction of the log-in,
 * after all checks of the account that logged in.
 *
 * Nothing is linked or made on the strength of an address that is not verified on every side (decisions/0033).
 *
 * @throws Problem accountDisabled | accountUnverified for the account it is linked to
 */
export async function followLinks(work: Work, place: LoginPlace, account: Account): Promise<Account> {
  const { tx, context } = work
  const owner = place.organization
    ? ({ resource: 'organization', id: place.organization } as const)
    : ({ resource: 'application', id: place.application } as const)
  const policy = await tx.get('accountLinkingPolicy', context.tenant, owner.id)
  if (policy?.status !== 'ENABLED') return account
  const store = await defaultAccountStore(tx, owner, context.tenant).catch(ifRefused)
  if (!store || (await isInside(tx, store, account))) return account
  const linked = await linkedInside(work, store, account)
  if (linked) return requireEnabled(linked)
  if (account.emailVerificationStatus !== 'VERIFIED') return account
  const match = await holderOf(tx, context.tenant, store.directory, account.email)
  if (!match) return policy.automaticProvisioning === 'ENABLED' ? provision(work, store, account) : account
  const matches =
    policy.matchingProperty === 'email' &&
    match.emailVerificationStatus === 'VERIFIED' &&
    isSameMailbox(match.email, account.email) &&
    (await isInside(tx, store, match))
  if (!matches) return account
  requireEnabled(match)
  if (await link(work, account, match)) return match
  // Of many log-ins at once another may have made the link since we looked.
  return (await linkedInside(work, store, account)) ?? account
}

/** A default store that is missing or disabled leads nowhere; that is for its owner to know. */
function ifRefused(error: unknown): undefined {
  if (Problem.is(error)) return undefined
  throw error
}

function requireEnabled(account: Account): Account {
  if (account.status === 'DISABLED') refuse('accountDisabled', {})
  if (account.status === 'UNVERIFIED') refuse('accountUnverified', {})
  return account
}

async function isInside(reader: Reader, { directory, group }: NewAccountPlace, account: Account): Promise<boolean> {
  if (account.directory !== directory) return false
  if (!group) return true
  return (await reader.find('groupMembership', account.tenant, ['account', 'group'], [account.id, group])) !== undefined
}

async function linkedInside({ tx, context }: Work, store: NewAccountPlace, account: Account) {
  for (const linked of await linkedAccounts(tx, context.tenant, account.id)) {
    if (await isInside(tx, store, linked)) return linked
  }
  return undefined
}

/** Who has this address there, as the address or as a name to log in with. */
async function holderOf(reader: Reader, tenant: string, directory: string, email: string) {
  return (
    (await reader.find('account', tenant, ['email'], [directory, email])) ??
    (await reader.find('account', tenant, ['username'], [directory, email]))
  )
}

/** Both as they are now, and nobody changes them before the link is there. */
async function link(work: Work, account: Account, other: Account): Promise<boolean> {
  const { tx, context } = work
  for (const { id, email } of [account, other].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const now = await tx.lock('account', context.tenant, id)
    if (now?.email !== email || now.emailVerificationStatus !== 'VERIFIED') return false
  }
  if (await obstacleTo(work, account, other)) return false
  await work.insert('accountLink', { values: { leftAccount: account.id, rightAccount: other.id } })
  return true
}

/** A new account in the default store; the one that logged in where the store does not let its address in. */
async function provision(work: Work, { directory, group }: NewAccountPlace, account: Account): Promise<Account> {
  const { tx, context, services } = work
  const policy = await tx.get('accountCreationPolicy', context.tenant, directory)
  if (!policy || !isLetIn(account.email, policy)) return account
  const id = services.ids.next()
  const { email, givenName, middleName, surname } = account
  const made = await work.insert('account', {
    values: {
      id,
      directory,
      email,
      givenName,
      middleName,
      surname,
      password: NO_PASSWORD,
      emailVerificationStatus: 'VERIFIED',
      eventKey: services.seal.seal(createDataKey(), {
        tenant: context.tenant,
        table: 'account',
        row: id,
        column: 'eventKey',
      }),
    },
    ...(group && { joins: group }),
    // The address is verified, and who has just logged in needs no welcome.
    options: { registrationWorkflowEnabled: false },
  })
  return (await link(work, account, made)) ? made : account
}

function isLetIn(email: string, policy: Entity<'accountCreationPolicy'>): boolean {
  try {
    checkEmailDomain(email, policy)
    return true
  } catch (error) {
    if (Problem.is(error)) return false
    throw error
  }
}
