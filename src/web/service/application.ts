import type { Client } from '../../client/client.ts'
import { isApiError } from '../../client/errors.ts'
import { Mistake } from '../../std/mistake.ts'

/** Applications of the house, which no users log in to. (contract/rest.md §3.1) */
const console = 'Stormpath'

/**
 * The application that this program is, by its address, by its name, or because there is no other.
 * @throws Mistake when it is not there, or several could be meant
 */
export async function findApplication(
  client: Client,
  { href, name }: { href: string | undefined; name: string | undefined },
) {
  if (href !== undefined) return client.applications.get(href).catch((error: unknown) => missing(error, href))
  if (name !== undefined) {
    const found = await client.applications.list({ name }).first()
    return found ?? fail(`there is no application named ${JSON.stringify(name)}`, await names(client))
  }
  const all = (await client.applications.list({ limit: 3 }).toArray()).filter(({ name }) => name !== console)
  const [only, ...more] = all
  if (only && more.length === 0) return only
  return only
    ? fail('there are several applications, and none is named', await names(client))
    : fail('the service has no application', [])
}

export type Application = Awaited<ReturnType<typeof findApplication>>

/**
 * A service has one name for itself, and its key goes nowhere else: asked under another name, as `localhost` for
 * `127.0.0.1`, nothing it says could be followed.
 * @param base - where the service is asked, ending in `/v1`
 * @throws Mistake when its addresses begin otherwise
 */
export function requireSameName<A extends { href: string }>(application: A, base: string): A {
  const { href } = application
  if (href.startsWith(`${base}/`)) return application
  const own = href.slice(0, href.lastIndexOf('/v1/'))
  throw new Mistake(
    `the service is asked at ${base.replace(/\/v1$/, '')}, and calls itself ${own}: set LATCHKEY_URL to that`,
    `export LATCHKEY_URL=${own}`,
  )
}

function missing(error: unknown, href: string): never {
  if (isApiError(error, 404)) return fail(`there is no application at ${href}`, [])
  throw error
}

async function names(client: Client): Promise<string[]> {
  const all = await client.applications.list({ limit: 20 }).toArray()
  return all.map(({ name }) => name).filter((name) => name !== console)
}

function fail(message: string, names: readonly string[]): never {
  const example = JSON.stringify(names[0] ?? 'My Application')
  const others = names.length > 1 ? ` (there are: ${names.join(', ')})` : ''
  throw new Mistake(message, `latchkey({ application: { name: ${example} } })${others}`)
}
