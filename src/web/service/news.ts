import type { FeedChange, Tokens } from '../../client/tokens.ts'
import type { News } from './service.ts'

/** More pages than this, and it is cheaper to forget everything. */
const maxPages = 20

/** What changed since a position, in the words of this side. */
export async function readNews(tokens: Pick<Tokens, 'feed'>, since: number | undefined): Promise<News> {
  let position = since
  const accounts = new Set<string>()
  const ended: string[] = []
  let everybody = false
  let everything = false
  for (let page = 0; ; page++) {
    const feed = await tokens.feed(position)
    position = feed.position
    everything ||= feed.reset
    for (const change of feed.changes) {
      const { resource, id } = partsOf(change)
      if (resource === 'accounts') accounts.add(id)
      else if (ending.has(resource)) {
        if (change.type.endsWith('.deleted')) ended.push(id)
      } else if (ofEverybody.has(resource)) {
        everybody = true
        everything ||= !isHarmless(resource, change.type)
      }
    }
    if (feed.more && page < maxPages) continue
    // What was not read is as good as changed.
    const news = feed.more ? await tokens.feed() : undefined
    everything ||= news !== undefined
    return {
      position: news?.position ?? position,
      accounts: [...accounts],
      ended,
      everybody: everybody || everything,
      everything,
    }
  }
}

const ending = new Set(['sessions', 'accessTokens', 'refreshTokens'])
/** Who is in what, who may log in, which keys sign: none of it says whom it concerns. */
const ofEverybody = new Set([
  'groups',
  'groupMemberships',
  'directories',
  'organizations',
  'accountStoreMappings',
  'organizationAccountStoreMappings',
  'applications',
  'apiKeys',
  'signingKeys',
])

/** What takes nothing from anybody: a further member, other custom data. */
function isHarmless(resource: string, type: string): boolean {
  return type.startsWith('customData.') || (resource === 'groupMemberships' && type.endsWith('.created'))
}

/** Custom data lies below its owner. */
function partsOf({ href }: FeedChange): { resource: string; id: string } {
  const [, resource = '', id = ''] = /\/v1\/([^/]+)\/([^/]+)/.exec(href) ?? []
  return { resource, id }
}
