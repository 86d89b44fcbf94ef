import type { Entity } from '../resources/registry.ts'
import type { Call } from './call.ts'

/** What accounts have of their provider, the tokens in clear. */
export async function revealProviderData(
  { engine }: Pick<Call, 'engine'>,
  all: readonly Entity<'providerData'>[],
): Promise<ReadonlyMap<string, string>[]> {
  return all.map((data) => engine.providerDataOf(data))
}

/** The secrets of clients, where the tenant shows them. */
export function revealProviders(
  { engine }: Pick<Call, 'engine'>,
  all: readonly Entity<'provider'>[],
): Promise<ReadonlyMap<string, string>[]> {
  return Promise.all(
    all.map(async (provider) => {
      const secret = await engine.shownClientSecretOf(provider)
      return new Map(secret === undefined ? [] : [['clientSecret', secret]])
    }),
  )
}
