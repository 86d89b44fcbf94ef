/** Families of identity providers (contract/rest.md 6.3); `oidc` is ours: OpenID Connect by its discovery document. */
export const socialTypes = ['facebook', 'github', 'google', 'linkedin', 'twitter'] as const
export const genericTypes = ['oauth2', 'oidc'] as const
export const mirrorTypes = [...socialTypes, ...genericTypes] as const
export const providerTypes = ['stormpath', ...mirrorTypes] as const
export type ProviderType = (typeof providerTypes)[number]
