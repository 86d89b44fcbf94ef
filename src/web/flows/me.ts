import { toPublicAccount } from '../account.ts'
import type { Auth } from '../auth.ts'
import type { Exchange } from '../exchange.ts'
import type { Account } from '../service/service.ts'
import type { Verbs } from './flow.ts'
import { challenge } from './refuse.ts'

/** contract/web.md §10: always JSON, never kept, the account and nothing else. */
export const me: Verbs = {
  anyType: true,

  async GET(exchange) {
    const auth = await exchange.auth()
    if (!auth) return challenge(exchange)
    const account = { ...toPublicAccount(auth.user), ...(await expansions(exchange, auth)) }
    return exchange.json(200, { account }, { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' })
  },
}

/** What the developer lets browsers see, read whole. */
async function expansions({ parts }: Exchange, { user }: Auth): Promise<Record<string, unknown>> {
  const { expand, privateData } = parts.settings.me
  if (expand.length === 0) return {}
  const members =
    expand.every((name) => name === 'customData') && !user.stale
      ? { customData: user.customData }
      : await parts.service.account(user.href, expand)
  const expanded = expand.map((name) => [name, shown((members as Record<string, unknown>)[name])] as const)
  return Object.fromEntries(expanded.map(([name, value]) => [name, name === 'customData' ? shareable(value) : value]))

  function shareable(data: unknown): object {
    return Object.fromEntries(Object.entries(data as object).filter(([name]) => !privateData.includes(name)))
  }
}

/** Collections as `{ size, items }`, without addresses of anything. */
function shown(value: Account[string]): unknown {
  const plain = JSON.parse(JSON.stringify(value ?? null)) as unknown
  if (typeof plain !== 'object' || plain === null) return plain
  if ('items' in plain && Array.isArray(plain.items)) {
    const items = plain.items.map((item) => withoutLinks(item as object))
    return { size: items.length, items }
  }
  return withoutLinks('data' in plain ? (plain.data as object) : plain)
}

function withoutLinks(resource: object): object {
  const isLink = (value: unknown) => typeof value === 'object' && value !== null && 'href' in value
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => !isLink(value)))
}
