import { expect, test } from 'vitest'
import type { LogRecord } from '../../src/web/log.ts'
import { describeWeb, unique } from './harness.ts'

describeWeb(
  'an app behind a proxy',
  (stage) => {
    const visited = async (hops: number | undefined, headers: Record<string, string>) => {
      const log: LogRecord[] = []
      const site = await stage().make({
        options: { baseUrl: 'http://shop.example', logger: (record) => void log.push(record) },
        mount(app, auth) {
          if (hops !== undefined) app.set('trust proxy', hops)
          app.use(auth)
        },
      })
      for (let i = 0; i < 3; i++) {
        const page = await site.browser().postJson('/login', { login: unique('nobody'), password: 'x' }, headers)
        expect(page.status, page.text).toBe(400)
      }
      return log.filter(({ event }) => event === 'web.proxy_unheard')
    }

    test('GOAL-I3 the log says once that a proxy is not believed, and how that is mended', async () => {
      const told = await visited(undefined, { 'x-forwarded-for': '203.0.113.5' })
      expect(told).toHaveLength(1)
      expect(told[0]).toMatchObject({ level: 'warn', msg: expect.stringContaining("app.set('trust proxy', 1)") })
    })

    test('nothing is said where it is believed, or where there is none', async () => {
      expect(await visited(1, { 'x-forwarded-for': '203.0.113.5' })).toEqual([])
      expect(await visited(undefined, {})).toEqual([])
    })
  },
  { ways: [{ position: 'embedded', database: 'sqlite' }] },
)
