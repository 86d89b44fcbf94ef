import { sha256 } from '../crypto/compare.ts'
import type { Entity } from '../resources/registry.ts'
import { apiKeyId, apiKeySecret } from '../std/id.ts'
import type { Behaviour, Services } from './context.ts'

const place = (tenant: string, row: string) => ({ tenant, table: 'apiKey', row, column: 'secret' })

/** contract/rest.md 12: the house makes id and secret, seals the secret and keeps a digest for HTTP Basic. */
export const apiKeys: Behaviour<'apiKey'> = {
  async prepare({ seal }, context, { values }) {
    const id = values.id ?? apiKeyId()
    const secret = values.secret ?? apiKeySecret()
    values.id = id
    values.secret = seal.seal(secret, place(context.tenant, id))
    values.secretDigest = sha256(secret)
  },
}

/** The clear secret of a stored key. */
export function openApiKeySecret({ seal }: Pick<Services, 'seal'>, key: Entity<'apiKey'>): string {
  return seal.open(key.secret, place(key.tenant, key.id)).toString('utf8')
}
