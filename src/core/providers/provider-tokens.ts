import type { Entity } from '../../resources/registry.ts'
import type { Services } from '../context.ts'
import type { ProviderTokens } from '../ports.ts'

type Data = Entity<'providerData'>
type TokenName = keyof ProviderTokens

const place = (tenant: string, row: string, column: string) => ({ tenant, table: 'providerData', row, column })

/** Tokens as they lie in the row of an account; those that the provider did not give stay as they are. */
export function sealTokens(
  { seal }: Pick<Services, 'seal'>,
  tenant: string,
  account: string,
  tokens: Partial<ProviderTokens>,
): Partial<Pick<Data, TokenName>> {
  const given = Object.entries(tokens).filter((entry): entry is [TokenName, string] => entry[1] !== undefined)
  return Object.fromEntries(given.map(([name, token]) => [name, seal.seal(token, place(tenant, account, name))]))
}

/** A token in clear; undefined where there is none. */
export function openToken({ seal }: Pick<Services, 'seal'>, data: Data, name: TokenName): string | undefined {
  const sealed = data[name]
  return sealed === null ? undefined : String(seal.open(sealed, place(data.tenant, data.id, name)))
}

/** The members of a representation that the row holds sealed or as text, by name: tokens in clear, the user as JSON. */
export function showProviderData(services: Pick<Services, 'seal'>, data: Data): ReadonlyMap<string, string> {
  const shown = new Map([['userInfo', data.userInfoText ?? '{}']])
  for (const name of ['accessToken', 'accessTokenSecret', 'refreshToken'] as const) {
    const token = openToken(services, data, name)
    if (token !== undefined) shown.set(name, token)
  }
  return shown
}
