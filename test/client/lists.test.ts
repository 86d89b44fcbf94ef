import { describe, expect, it } from 'vitest'
import { account, json, type Seen, scripted } from './scripted.ts'

/** A service with so many accounts that gives at most `most` of them a page. */
function accounts(count: number, most = 100) {
  return ({ url }: Seen) => {
    const { searchParams } = new URL(url)
    const offset = Number(searchParams.get('offset'))
    const limit = Math.min(Number(searchParams.get('limit') ?? 25), most)
    const ids = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, i) => `a${offset + i}`)
    return json({ href: url, offset, limit, size: count, items: ids.map((id) => account(id)) })
  }
}

const parameters = (requests: readonly Seen[]) => requests.map(({ url }) => url.slice(url.indexOf('?') + 1))

describe('lists', () => {
  it('read page after page until one is short', async () => {
    const { client, requests } = scripted([accounts(250)])
    const ids: string[] = []
    for await (const { id } of client.accounts.list()) ids.push(id)
    expect(ids).toEqual(Array.from({ length: 250 }, (_, i) => `a${i}`))
    expect(parameters(requests)).toEqual(['offset=0&limit=100', 'offset=100&limit=100', 'offset=200&limit=100'])
  })

  it('read one page more when the last is full, and none for nothing', async () => {
    const full = scripted([accounts(200)])
    expect(await full.client.accounts.list().toArray()).toHaveLength(200)
    expect(full.requests).toHaveLength(3)
    const none = scripted([accounts(0)])
    expect(await none.client.accounts.list().toArray()).toEqual([])
    expect(none.requests).toHaveLength(1)
  })

  it('go by the limit that the service names', async () => {
    const { client, requests } = scripted([accounts(70, 30)])
    expect(await client.accounts.list().toArray()).toHaveLength(70)
    expect(parameters(requests)).toEqual(['offset=0&limit=100', 'offset=30&limit=100', 'offset=60&limit=100'])
  })

  it('end on an empty page, whatever the service says of limits', async () => {
    const page = (ids: string[]) => json({ items: ids.map((id) => account(id)), offset: 0, size: 9 })
    const { client, requests } = scripted([page(['a']), page(['b']), page([])])
    expect(await client.accounts.list().toArray()).toHaveLength(2)
    expect(requests).toHaveLength(3)
  })

  it('fetch no page that is not wanted', async () => {
    const { client, requests } = scripted([accounts(1000)])
    for await (const { id } of client.accounts.list()) if (id === 'a3') break
    expect(requests).toHaveLength(1)
    client.accounts.list()
    expect(requests).toHaveLength(1)
  })

  it('leave out an offset and stop at a limit', async () => {
    const { client, requests } = scripted([accounts(1000)])
    const ids = (await client.accounts.list({ offset: 5, limit: 120 }).toArray()).map(({ id }) => id)
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([120, 'a5', 'a124'])
    expect(parameters(requests)).toEqual(['offset=5&limit=100', 'offset=105&limit=20'])
    expect(await client.accounts.list({ limit: 0 }).toArray()).toEqual([])
    expect(requests).toHaveLength(2)
  })

  it('give one page, the first item, the number of all', async () => {
    const { client, requests } = scripted([accounts(1000)])
    const list = client.accounts.list({ offset: 10 })
    expect(await list.page()).toMatchObject({ offset: 10, limit: 25, size: 1000 })
    expect((await list.page({ offset: 30, limit: 2 })).items.map(({ id }) => id)).toEqual(['a40', 'a41'])
    expect((await list.first())?.id).toBe('a10')
    expect(await list.size()).toBe(1000)
    expect(parameters(requests)).toEqual([
      'offset=10&limit=25',
      'offset=40&limit=2',
      'offset=10&limit=1',
      'offset=0&limit=1',
    ])
    expect((await client.accounts.list({ limit: 3 }).page()).items).toHaveLength(3)
  })

  it('may be walked several times', async () => {
    const { client } = scripted([accounts(3)])
    const list = client.accounts.list()
    expect(await list.toArray()).toHaveLength(3)
    expect(await list.toArray()).toHaveLength(3)
  })

  it('have no first item when nothing matches', async () => {
    const { client } = scripted([accounts(0)])
    expect(await client.accounts.list().first()).toBeUndefined()
  })
})
