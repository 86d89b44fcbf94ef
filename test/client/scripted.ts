import { createClient } from '../../src/client/client.ts'
import type { CustomDataTypes } from '../../src/client/types/names.ts'

export const base = 'https://users.example.com/v1'

/** One request as the service saw it. */
export interface Seen {
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
}

/** What the service does with the next request: answers, or fails as `fetch` does. */
export type Step = Response | Error | ((request: Seen, signal: AbortSignal) => Response | Promise<Response>)

/** A client over a service that follows a script, one step a request; the last step repeats. */
export function scripted<C extends CustomDataTypes = {}>(steps: readonly Step[], options: { timeout?: number } = {}) {
  const requests: Seen[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { method = 'GET', headers, body, signal } = init
    const seen = { method, url, headers: headers as Record<string, string>, body: body as string | undefined }
    const step = steps[Math.min(requests.push(seen), steps.length) - 1]
    if (step === undefined) throw new Error('the script is empty')
    if (step instanceof Error) throw step
    return typeof step === 'function' ? step(seen, signal as AbortSignal) : step.clone()
  }
  const client = createClient<C>({
    url: 'https://users.example.com',
    apiKey: { id: 'KEY', secret: 'sécret' },
    fetch,
    ...options,
  })
  return { client, requests }
}

/** An answer with this JSON text, or the JSON of this value. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

/** A refusal as the service words it. */
export function refusal(status: number, code: number, headers: Record<string, string> = {}): Response {
  const texts = { message: 'For users.', developerMessage: 'For developers.', moreInfo: 'https://docs#error' }
  return json({ status, code, ...texts, requestId: 'R1' }, status, headers)
}

/** Representation of an account with its links unread. */
export function account(id: string, members: object = {}): object {
  const href = `${base}/accounts/${id}`
  return {
    href,
    createdAt: '2026-03-10T09:30:15.250Z',
    modifiedAt: '2026-03-10T09:30:15.250Z',
    username: id,
    email: `${id}@example.com`,
    givenName: null,
    middleName: null,
    surname: null,
    fullName: '',
    status: 'ENABLED',
    emailVerificationStatus: 'UNKNOWN',
    passwordModifiedAt: null,
    tenant: { href: `${base}/tenants/T` },
    directory: { href: `${base}/directories/D` },
    customData: { href: `${href}/customData` },
    providerData: { href: `${href}/providerData` },
    groups: { href: `${href}/groups` },
    groupMemberships: { href: `${href}/groupMemberships` },
    applications: { href: `${href}/applications` },
    apiKeys: { href: `${href}/apiKeys` },
    ...members,
  }
}
