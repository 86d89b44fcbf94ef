import { get, type IncomingMessage } from 'node:http'
import type { createLatchkey, ExpressAuth } from '../../src/frameworks/express.ts'
import type { WebOptions } from '../../src/web/options/options.ts'
import { repository } from '../support/mutant.ts'
import type { Browser, Page } from '../web/browser.ts'
import { type MakeSite, type Site, Stage } from '../web/harness.ts'
import { type Attack, describeAttacksOn, type Ground } from './attack.ts'
import { loadSource, startTarget, type Target, type TargetOptions } from './target.ts'

export { type Browser, html, json, type Page } from '../web/browser.ts'
export { password as PASSWORD } from '../web/harness.ts'

export type { MakeSite, Site }

export interface SiteOptions extends Ground, Pick<TargetOptions, 'mail' | 'realCost'> {
  /** The service is elsewhere: the site speaks to it over the network. */
  remote?: true
}

/** Where an attacker's page lies. */
export const EVIL = 'https://evil.example'
/** What a browser says of a request that a page there makes. */
export const fromEvil = { origin: EVIL, 'sec-fetch-site': 'cross-site' }

/** What is attacked: web sites on the Express adapter, and a service of their own; both of the source at `root`. */
export class SiteTarget extends Stage {
  readonly target: Target
  /** What sites asked of the service: `GET /v1/…`. */
  readonly calls: string[]
  readonly #troubles: unknown[]

  constructor(target: Target, create: typeof createLatchkey, { remote, database = 'sqlite' }: SiteOptions) {
    const calls: string[] = []
    const { app } = target
    const handle: typeof app.handle = (request) => {
      calls.push(`${request.method} ${request.path}`)
      return app.handle(request)
    }
    const way = { position: remote ? 'remote' : 'embedded', database, preset: 'modern' } as const
    super(way, 'express5', { ...app, handle }, undefined, target.clock, create)
    this.target = target
    this.calls = calls
    this.#troubles = []
  }

  override get latchkey(): (options?: WebOptions) => ExpressAuth {
    const make = super.latchkey
    return (options = {}) =>
      make({
        logger: (record: { level: string }) => {
          if (record.level === 'error') this.#troubles.push(record)
        },
        ...options,
      })
  }

  troubles(): readonly unknown[] {
    return [...this.target.troubles(), ...this.#troubles]
  }

  override async stop(): Promise<void> {
    await super.stop()
    await this.target.stop()
  }
}

export async function startSite(options: SiteOptions = {}): Promise<SiteTarget> {
  const { root = repository, database, mail, realCost } = options
  const target = await startTarget({
    root,
    ...(database && { database }),
    ...(mail && { mail }),
    ...(realCost && { realCost }),
  })
  try {
    const { createLatchkey } = await loadSource<typeof import('../../src/frameworks/express.ts')>(
      root,
      'frameworks/express.ts',
    )
    return new SiteTarget(target, createLatchkey, options)
  } catch (error) {
    await target.stop()
    throw error
  }
}

export type SiteAttack = Attack<SiteTarget, SiteOptions>

/** Runs attacks on web sites. */
export function describeSiteAttacks(title: string, attacks: readonly SiteAttack[]): void {
  describeAttacksOn(startSite, title, attacks)
}

/** Who is logged in, as the site knows it; undefined for nobody. */
export async function whoIs(browser: Browser): Promise<string | undefined> {
  return (await browser.getJson('/me')).json?.account?.email
}

/** Where a browser that was shown this page goes on to. */
export function destination(base: string, path: string, { location }: Page): URL | undefined {
  return location === undefined ? undefined : new URL(location, new URL(path, base))
}

/** What a GET of exactly this path is answered; no browser puts it right before. */
export function getRaw(base: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const { port } = new URL(base)
  return new Promise((resolve, reject) => {
    get({ port, path, headers }, (response) => void resolve(response.resume())).on('error', reject)
  })
}

/** Waits until the shared site has heard of everything until now. */
export async function hearNews(target: SiteTarget): Promise<void> {
  const browser = (await target.site).browser()
  const from = target.calls.length
  const asked = () => target.calls.slice(from).filter((call) => call.includes('/feed')).length
  // One question ends before the next begins.
  while (asked() < 2) {
    await browser.getJson('/open')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
