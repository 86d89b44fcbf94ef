import { hash } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startRangeServer } from '../../test/support/range-server.ts'
import { createPwnedPasswords } from './pwned-passwords.ts'

const server = await startRangeServer(['Stolen-Kettle-4471'])
afterAll(() => server.close())

const failures: unknown[] = []
const pwned = (url = server.url, timeout = 30_000) =>
  createPwnedPasswords({ url, timeout, onFailure: (error) => failures.push(error) })

beforeEach(() => {
  failures.length = 0
  server.asked.length = 0
  server.misbehave(undefined)
})

describe('a range server', () => {
  test('is asked for five digits of the digest, padded, and knows what was stolen', async () => {
    expect(await pwned().includes('Stolen-Kettle-4471')).toBe(true)
    expect(await pwned(`${server.url}/`).includes('Copper-Kettle-4471')).toBe(false)
    const prefixes = ['Stolen-Kettle-4471', 'Copper-Kettle-4471'].map((each) =>
      hash('sha1', each).toUpperCase().slice(0, 5),
    )
    expect(server.asked.map(({ path }) => path)).toEqual(prefixes.map((prefix) => `/range/${prefix}`))
    for (const { headers } of server.asked) expect(headers).toMatchObject({ 'add-padding': 'true' })
    expect(failures).toEqual([])
  })

  test('means nothing by its padding', async () => {
    expect(await pwned().includes('Padded-Kettle-4471')).toBe(false)
  })

  test.each(['error', 'silence', 'flood', 'redirect'] as const)(
    'that answers with %s lets pass and is told of',
    async (how) => {
      server.misbehave(how)
      expect(await pwned(server.url, how === 'silence' ? 50 : 30_000).includes('Stolen-Kettle-4471')).toBe(false)
      expect(failures).toHaveLength(1)
      expect(JSON.stringify(failures) + String(failures[0])).not.toContain('Kettle')
    },
  )

  test('that is not there lets pass and is told of', async () => {
    const gone = await startRangeServer([])
    await gone.close()
    expect(await pwned(gone.url).includes('Stolen-Kettle-4471')).toBe(false)
    expect(failures).toHaveLength(1)
  })
})
