import type { Entity } from '../resources/registry.ts'
import type { Call } from './call.ts'

/** Where the Client API of each application is reached by name. */
export async function revealDomainNames(
  { engine }: Pick<Call, 'engine'>,
  configs: readonly Entity<'webConfig'>[],
): Promise<ReadonlyMap<string, string>[]> {
  return configs.map((config) => new Map([['domainName', JSON.stringify(engine.domainNameOf(config) ?? null)]]))
}
