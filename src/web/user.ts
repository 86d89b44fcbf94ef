import type { Account, Service } from './service/service.ts'

/** A group that a user belongs to. */
export interface UserGroup {
  readonly href: string
  readonly name: string
}

/** What a developer keeps about users. */
export interface UserTypes {
  customData: Record<string, unknown>
}

/**
 * Who is logged in: the account, its custom data and groups, as they were read at most a few seconds ago. The same
 * object serves many requests and never changes; `update` writes and resolves to the user as it is then.
 *
 * @example
 * app.post('/plan', auth.loginRequired(), async (req, res) => {
 *   const user = await req.user.update({ customData: { plan: 'pro' } })
 *   res.json(user.customData.plan)
 * })
 */
export interface User {
  readonly href: string
  readonly id: string
  readonly email: string
  readonly username: string
  readonly givenName: string | null
  readonly middleName: string | null
  readonly surname: string | null
  readonly fullName: string | null
  readonly status: string
  readonly createdAt: string
  readonly modifiedAt: string
  readonly customData: Readonly<UserTypes['customData']>
  readonly groups: readonly UserGroup[]
  /** What is known comes from the token alone, or from earlier: the service could not be asked. */
  readonly stale: boolean
  /** Whether the user is in all of these groups, or with `all: false` in any. Names or addresses. */
  inGroups(names: readonly string[], options?: { all?: boolean }): boolean
  /** Writes these attributes; members of custom data are merged. */
  update(changes: UserChanges): Promise<User>
}

export interface UserChanges {
  givenName?: string | null
  middleName?: string | null
  surname?: string | null
  username?: string
  customData?: Partial<UserTypes['customData']>
}

/** Resolves to the user as it is after a change of this account. */
export type Reread = (href: string) => Promise<User>

class KnownUser {
  readonly #service: Service
  readonly #reread: Reread

  constructor(members: object, service: Service, reread: Reread) {
    this.#service = service
    this.#reread = reread
    Object.assign(this, members)
    Object.freeze(this)
  }

  inGroups(this: User, names: readonly string[], { all = true } = {}): boolean {
    const isIn = (name: string) => this.groups.some((group) => group.name === name || group.href === name)
    return all ? names.every(isIn) : names.some(isIn)
  }

  async update(this: KnownUser & User, changes: UserChanges): Promise<User> {
    await this.#service.updateAccount(this.href, { ...changes })
    return this.#reread(this.href)
  }
}

/** A user from the account as it was read, expanded as the application wants it. */
export function createUser(account: Account, service: Service, reread: Reread): User {
  const { customData, groups, ...members } = account
  return new KnownUser(
    {
      ...deepFreeze(plainData(members)),
      id: idOf(account.href),
      customData: deepFreeze(plainData(dataOf(customData))),
      groups: deepFreeze(itemsOf(groups).map(({ href, name }) => ({ href, name }))),
      stale: false,
    },
    service,
    reread,
  ) as unknown as User
}

/** What is known of a user while nobody can be asked. */
export function createStaleUser(href: string, service: Service, reread: Reread): User {
  const unknown = { givenName: null, middleName: null, surname: null, fullName: null }
  const members = { href, id: idOf(href), email: '', username: '', ...unknown, status: 'ENABLED' }
  const times = { createdAt: '', modifiedAt: '' }
  return new KnownUser(
    { ...members, ...times, customData: Object.freeze({}), groups: Object.freeze([]), stale: true },
    service,
    reread,
  ) as unknown as User
}

/** The same user, marked as not heard of lately. */
export function asStale(user: User, service: Service, reread: Reread): User {
  return user.stale ? user : (new KnownUser({ ...user, stale: true }, service, reread) as unknown as User)
}

export function idOf(href: string): string {
  return href.slice(href.lastIndexOf('/') + 1)
}

/** JSON without the handles of the client: links keep their address. */
function plainData(value: unknown): object {
  return JSON.parse(JSON.stringify(value ?? {})) as object
}

/** Custom data that was read along is a handle that carries them. */
function dataOf(customData: unknown): unknown {
  return typeof customData === 'object' && customData !== null && 'data' in customData ? customData.data : undefined
}

function itemsOf(groups: unknown): UserGroup[] {
  const items = typeof groups === 'object' && groups !== null && 'items' in groups ? groups.items : []
  return Array.isArray(items) ? items : []
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
