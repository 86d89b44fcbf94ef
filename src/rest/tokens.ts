import type { AccessToken, RefreshToken, TokenKind } from '../core/tokens/token.ts'
import type { Entity } from '../resources/registry.ts'
import type { Call } from './call.ts'

/** Makes tokens of one kind for their representations: JSON texts by attribute. */
export function revealTokens(kind: TokenKind) {
  return ({ engine }: Pick<Call, 'engine'>, tokens: readonly Entity[]): Promise<ReadonlyMap<string, string>[]> =>
    Promise.all(
      tokens.map(async (token) => {
        const { jwt, expandedJwt } = await engine.tokens.show(kind, token as AccessToken | RefreshToken)
        return new Map([
          ['jwt', JSON.stringify(jwt)],
          ['expandedJwt', JSON.stringify(expandedJwt)],
        ])
      }),
    )
}
