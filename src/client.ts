export {
  type ApiKeyPair,
  type Client,
  type ClientOptions,
  createClient,
  type Engine,
} from './client/client.ts'
export type { CustomData, ReadCustomData } from './client/custom-data.ts'
export { ApiError, ClientError, isApiError, NetworkError, ResponseError } from './client/errors.ts'
export type { Fetch } from './client/exchange.ts'
export type { List, Page, PageQuery } from './client/list.ts'
export type { LoginAttempt } from './client/login-attempt.ts'
export type {
  EmailVerificationTokens,
  PasswordResetToken,
  PasswordResetTokens,
  VerificationEmails,
} from './client/mail-links.ts'
export { exactNumber, numberText } from './client/numbers.ts'
export type { Reference } from './client/reference.ts'
export type { Feed, FeedChange, Introspection, Jwks, TokenSet, Tokens } from './client/tokens.ts'
export type { CallOptions, Source } from './client/transport.ts'
export type { Changes, CreateOptions, Draft } from './client/types/draft.ts'
export type { CustomDataTypes } from './client/types/names.ts'
export type { Expand, ListQuery, ReadOptions } from './client/types/query.ts'
export type { Collection, FirstLevelCollection, Link, Resource } from './client/types/resource.ts'
export type { RawNumber } from './std/json.ts'
