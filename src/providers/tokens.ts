import type { ProviderTokens } from '../core/ports.ts'
import { fail } from './fault.ts'
import { askMembers, type Call, text } from './kind.ts'

/** How a client says who it is at a token endpoint. (RFC 6749 §2.3.1) */
export type ClientAuthentication = 'post' | 'basic'

export interface ExchangedCode extends ProviderTokens {
  accessToken: string
  idToken: string | undefined
}

/** A code in exchange for tokens. (RFC 6749 §4.1.3, RFC 7636) */
export async function exchangeCode(
  call: Call,
  endpoint: string,
  authentication: ClientAuthentication = 'post',
): Promise<ExchangedCode> {
  const { settings, credentials } = call
  const redirectUri = credentials.redirectUri ?? settings.redirectUri
  const form = new URLSearchParams({ grant_type: 'authorization_code', code: credentials.code ?? '' })
  if (redirectUri) form.set('redirect_uri', redirectUri)
  if (credentials.codeVerifier) form.set('code_verifier', credentials.codeVerifier)
  if (authentication === 'post') {
    form.set('client_id', settings.clientId)
    form.set('client_secret', settings.clientSecret)
  }
  const answer = await askMembers(call, {
    url: endpoint,
    body: form,
    ...(authentication === 'basic' && { headers: { authorization: basic(settings) } }),
  })
  return {
    accessToken: text(answer.access_token) ?? fail('it gave no access token for the code'),
    refreshToken: text(answer.refresh_token),
    idToken: text(answer.id_token),
  }
}

/** Both halves form-encoded first, as the specification has it. (RFC 6749 §2.3.1) */
export function basic({ clientId, clientSecret }: Call['settings']): string {
  const encode = (part: string) => new URLSearchParams({ '': part }).toString().slice(1)
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`
}
