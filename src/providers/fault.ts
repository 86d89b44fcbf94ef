/** Why a provider did not tell who somebody is, in words that developers may read: nothing that was sent stands in them. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault'
}

export function fail(reason: string): never {
  throw new ProviderFault(reason)
}
