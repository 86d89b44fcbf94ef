import { describeSiteAttacks, type SiteTarget } from './site.ts'

/** How a page answers a JSON body of so many bytes that says nothing. */
async function statusOf(target: SiteTarget, path: string, bytes: number): Promise<number> {
  const browser = (await target.site).browser()
  const headers = { 'content-type': 'application/json' }
  const body = `{"a":[-0,${'{},'.repeat(bytes / 3)}1]}`
  return (await browser.ask(path, { method: 'POST', accept: 'application/json', headers, body })).status
}

describeSiteAttacks('Large bodies to a site', [
  {
    id: 'ATTACK-J11 GOAL-G4 WEB-W103',
    title: 'keeping a site busy with 60 KB of nothing to its log-in page',
    guard: 'the limit of bodies without custom data',
    edits: [
      { file: 'web/exchange.ts', find: 'const usualLimit = 32 * 1024', replace: 'const usualLimit = 200 * 1024' },
    ],
    async run(target) {
      const status = await statusOf(target, '/login', 60 * 1024)
      return status === 413 ? undefined : `answered ${status}`
    },
  },
  {
    id: 'ATTACK-J11 GOAL-G4 WEB-W10',
    title: 'keeping a site busy with megabytes to its registration',
    guard: "asking whether a field of the developer's own is there to be filled",
    edits: [
      {
        file: 'web/exchange.ts',
        find: 'bringsCustomData(fields) ? this.parts.settings.customDataLimit : usualLimit',
        replace: '11 * 1024 * 1024',
      },
    ],
    async run(target) {
      const status = await statusOf(target, '/register', 1024 * 1024)
      return status === 413 ? undefined : `answered ${status}`
    },
  },
])
