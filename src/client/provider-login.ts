import type { Reference } from './reference.ts'

/**
 * What a page or an app brought from an identity provider: one of code, access token and ID token
 * (contract/rest.md §15).
 */
export interface ProviderLogin {
  /** `google`, or the name of a provider of your own. */
  providerId: string
  /** An authorization code, with the redirect URI and the PKCE verifier with which it was asked for. */
  code?: string
  redirectUri?: string
  codeVerifier?: string
  accessToken?: string
  /** Of Twitter. */
  accessTokenSecret?: string
  /** An ID token of Google or an OpenID Connect provider, and the nonce it must carry. */
  idToken?: string
  nonce?: string
  /** Looks only there: a directory or organization mapped to the application. */
  accountStore?: Reference | { nameKey: string }
}

/** The body of a POST to the accounts of an application. */
export function toProviderData({ accountStore, ...providerData }: ProviderLogin): object {
  return { providerData, accountStore }
}
