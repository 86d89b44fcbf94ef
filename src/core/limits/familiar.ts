import { networkOf } from '../../std/network.ts'
import type { Source, Work } from '../context.ts'
import type { Reader, Transaction } from '../ports.ts'

const KIND = 'familiar-source'
const DAY = 86_400_000
/** How long a source is remembered after its last log-in. */
const LIFETIME = 90 * DAY

/** Where somebody asks from, as an account may know it: the device first, then the network. */
export function sourcesOf({ address, device }: Source): string[] {
  const network = address === undefined ? undefined : networkOf(address)
  return [
    ...(device === undefined ? [] : [`device ${device}`]),
    ...(network === undefined ? [] : [`network ${network}`]),
  ]
}

/** For each source, since when it is remembered; undefined where the account has never logged in from there. */
export async function recall(
  reader: Reader,
  tenant: string,
  account: string,
  sources: readonly string[],
  now: number,
): Promise<(number | undefined)[]> {
  return Promise.all(
    sources.map(async (source) => {
      const since = await reader.peek(tenant, KIND, `${account} ${source}`, now)
      return since === undefined ? undefined : Number(since)
    }),
  )
}

/** Remembers where its owner followed a mailed link, like a log-in: nobody else reads that mail. */
export async function rememberSource({ tx, context, now }: Work, account: string): Promise<void> {
  const sources = context.source ? sourcesOf(context.source) : []
  const known = await recall(tx, context.tenant, account, sources, now)
  await remember(tx, context.tenant, account, sources, known, now)
}

/** Remembers where an account logged in from; written once a day at most. */
export async function remember(
  tx: Transaction,
  tenant: string,
  account: string,
  sources: readonly string[],
  known: readonly (number | undefined)[],
  now: number,
): Promise<void> {
  for (const [at, source] of sources.entries()) {
    const since = known[at]
    if (since !== undefined && now - since < DAY) continue
    await tx.issue(tenant, KIND, `${account} ${source}`, String(now), now + LIFETIME)
  }
}
