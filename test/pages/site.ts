import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createManualClock } from '../../src/std/clock.ts'
import type { Page } from '../../src/web/pages/model.ts'
import { createPages, type PagesOptions } from '../../src/web/pages/pages.ts'
import { now } from './gallery.ts'

export interface Site {
  url: string
  /** What was posted, the latest last. */
  posts: Post[]
  close(): Promise<void>
}

export interface Post {
  path: string
  origin: string | undefined
  referer: string | undefined
  fields: Record<string, string>
}

/** Serves each page of a gallery at its name; a POST is answered with a redirect to `/posted`. */
export async function startSite(
  pages: ReadonlyMap<string, Page>,
  options: PagesOptions = {},
  create = createPages,
): Promise<Site> {
  const renderer = create({ clock: createManualClock(now), ...options })
  const posts: Post[] = []
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site.invalid')
    if (request.method === 'POST') {
      let body = ''
      for await (const chunk of request) body += chunk
      const { origin, referer } = request.headers
      posts.push({ path: request.url ?? '', origin, referer, fields: Object.fromEntries(new URLSearchParams(body)) })
      response.writeHead(303, { Location: '/posted' }).end()
      return
    }
    const page = pages.get(decodeURIComponent(pathname.slice(1)))
    if (!page) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end(pathname)
      return
    }
    const { status, headers, body } = await renderer.render(page)
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
