import { sha256 } from '../crypto/compare.ts'
import type { Entity } from '../resources/registry.ts'
import type { Behaviour, Services } from './context.ts'

const place = (tenant: string, row: string) => ({ tenant, table: 'apiKey', row, column: 'secret' })

/** contract/rest.md 12: the house makes id and secret, seals the secret and keeps a digest for HTTP Basic. */
export const apiKeys: Behaviour<'apiKey'> = {
  async prepare({ ids, seal }, context, { values }) {
    values.id ??= ids.apiKeyId()
    const secret = values.secret ?? ids.apiKeySecret()
    values.secret = seal.seal(secret, place(context.tenant, values.id))
    values.secretDigest = sha256(secret)
  },
}

/** The clear secret of a stored key. */
export function openApiKeySecret({ seal }: Pick<Services, 'seal'>, key: Entity<'apiKey'>): string {
  return seal.open(key.secret, place(key.tenant, key.id)).toString('utf8')
}
