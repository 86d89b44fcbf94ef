import type { Ref } from '../../core/ports.ts'
import { scopeOf } from '../../core/scope-of.ts'
import { type Entity, type ResourceName, registry } from '../../resources/registry.ts'
import type { ToMany } from '../../schema/link.ts'
import { Problem } from '../../schema/problems.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { toIso } from '../../std/iso.ts'
import { type ClientCall, noStore, replyJson } from '../call.ts'
import { toShown } from '../shown.ts'

/** Members of a collection that are shown with an account. */
const MOST_MEMBERS = 100

type Expandable = keyof Entity<'webConfig'>['me']['expand']

/** GET `/me`: the account of a bearer token, with what the configuration shows besides (contract/rest.md 21.4). */
export async function me(call: ClientCall): Promise<LightResponse> {
  const { engine, api, context } = call
  const account = await accountOf(call)
  if (!account) return unauthorized(call)
  const members = Object.entries(toShown(engine.services.hrefs, 'account', account)).map(([name, value]) =>
    member(name, JSON.stringify(value)),
  )
  for (const [name, wanted] of Object.entries(api.config.me.expand) as [Expandable, boolean][]) {
    const text = wanted ? await expand(call, account, name) : undefined
    if (text !== undefined) members.push(member(name, text))
  }
  return replyJson({ context }, `{"account":{${members.join(',')}}}`)
}

const member = (name: string, json: string): string => `${JSON.stringify(name)}:${json}`

/** The account of the token, where it holds here and now. */
async function accountOf({ engine, context, grant, request }: ClientCall): Promise<Entity<'account'> | undefined> {
  const jwt = /^bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1]
  if (jwt === undefined) return undefined
  try {
    const { kind, token } = await engine.tokens.verify(context, grant, jwt)
    return kind === 'access' ? await engine.read(context, 'account', token.account) : undefined
  } catch (error) {
    if (!Problem.is(error) || error.code === 'overloaded' || error.code === 'queryTimeout') throw error
    return undefined
  }
}

/** RFC 6750 §3: mobile clients renew their token on this. */
function unauthorized({ context }: ClientCall): LightResponse {
  return {
    status: 401,
    headers: {
      'Content-Type': 'application/json;charset=UTF-8',
      'WWW-Authenticate': 'Bearer realm="latchkey"',
      ...noStore(context.requestId),
    },
    body: JSON.stringify({ status: 401, message: 'A valid access token is required.' }),
  }
}

/** JSON of one link of the account, one level deep; undefined where nothing is there. */
async function expand(call: ClientCall, account: Entity<'account'>, name: Expandable): Promise<string | undefined> {
  const { engine, context } = call
  const { hrefs } = engine.services
  const owner: Ref = { resource: 'account', id: account.id }
  const href = `${hrefs.toHref('account', account.id)}/${name}`
  if (name === 'customData') {
    const record = await engine.customData(context, owner)
    if (!record) return undefined
    const own = `"href":"${href}","createdAt":"${toIso(record.createdAt)}","modifiedAt":"${toIso(record.modifiedAt)}"`
    return record.json === '{}' ? `{${own}}` : `{${own},${record.json.slice(record.json.indexOf('{') + 1)}`
  }
  const link = registry.account.links[name]
  if (link.kind === 'many') return collection(call, owner, href, link)
  const [resource, id]: [ResourceName, string] =
    name === 'providerData'
      ? ['providerData', account.id]
      : name === 'tenant'
        ? ['tenant', context.tenant]
        : ['directory', account.directory]
  const found = await engine.read(context, resource, id)
  return found && JSON.stringify(toShown(hrefs, resource, found))
}

async function collection(call: ClientCall, owner: Ref, href: string, link: ToMany): Promise<string> {
  const { engine, context } = call
  const resource = link.target as ResourceName
  const page = { offset: 0, limit: MOST_MEMBERS }
  const { items, size } = await engine.list(context, { resource, scope: scopeOf(link, owner), ...page })
  const shown = items.map((item) => toShown(engine.services.hrefs, resource, item))
  return JSON.stringify({ href, ...page, size, items: shown })
}
