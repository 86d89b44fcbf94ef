import {
  createKeyPair,
  ed25519Signer,
  ed25519Verifier,
  type SigningKey,
  toJwk,
  type VerifyingKey,
} from '../../crypto/jws/algorithms.ts'
import type { Entity } from '../../resources/registry.ts'
import type { Services, Work } from '../context.ts'

type Key = Entity<'signingKey'>

/** How long the keys of an application may be taken from memory: far less than a new one is published before it signs. */
const KEPT_FOR = 30_000
const MOST_KEPT = 1000

const place = (tenant: string, row: string) => ({ tenant, table: 'signingKey', row, column: 'privateKey' })

/** Makes a pair for an application that signs from `activeAt` on; the private half lies sealed. */
export async function insertSigningKey(work: Work, application: string, activeAt: number): Promise<Key> {
  const { services, context } = work
  const id = services.ids.next()
  const { privateKey, publicKey } = createKeyPair()
  const sealed = services.seal.seal(privateKey, place(context.tenant, id))
  return work.insert('signingKey', { values: { id, application, publicKey, privateKey: sealed, activeAt } })
}

/** The pairs of applications, opened once and kept in memory. */
export interface SigningKeys {
  /** Those of one application, the oldest first: what it publishes. */
  of(tenant: string, application: string): Promise<readonly Key[]>
  /** The one that signs now: the youngest that is active. */
  current(tenant: string, application: string): Promise<Key>
  signer(key: Key): SigningKey
  verifier(key: Key): VerifyingKey
  /** Forgets what it knows of an application whose keys are others than it knew. */
  forget(application: string): void
}

export function createSigningKeys({ store, clock, seal }: Pick<Services, 'store' | 'clock' | 'seal'>): SigningKeys {
  const known = new Map<string, { keys: readonly Key[]; until: number }>()
  const signers = new Map<string, SigningKey>()
  const verifiers = new Map<string, VerifyingKey>()

  async function of(tenant: string, application: string): Promise<readonly Key[]> {
    const found = known.get(application)
    if (found && found.until > clock.now() && found.until <= clock.now() + KEPT_FOR) return found.keys
    const { items } = await store.list({
      resource: 'signingKey',
      tenant,
      scope: { by: 'application', id: application },
      offset: 0,
      limit: 100,
    })
    keep(known, application, { keys: items, until: clock.now() + KEPT_FOR })
    return items
  }

  return {
    of,
    async current(tenant, application) {
      const keys = await of(tenant, application)
      const active = keys.filter(({ activeAt }) => activeAt <= clock.now())
      const current = active.toSorted((a, b) => a.activeAt - b.activeAt).at(-1) ?? keys[0]
      if (!current) throw new Error(`the application ${application} has no signing key`)
      return current
    },
    signer(key) {
      return (
        signers.get(key.id) ??
        keep(signers, key.id, ed25519Signer(key.id, seal.open(key.privateKey, place(key.tenant, key.id))))
      )
    },
    verifier: (key) => verifiers.get(key.id) ?? keep(verifiers, key.id, ed25519Verifier(key.publicKey)),
    forget: (application) => void known.delete(application),
  }
}

/** The public halves as a JWK set. (RFC 7517 §5) */
export function toJwks(keys: readonly Key[]) {
  return { keys: keys.map(({ id, publicKey }) => toJwk(id, publicKey)) }
}

function keep<V>(map: Map<string, V>, id: string, value: V): V {
  map.delete(id)
  map.set(id, value)
  if (map.size > MOST_KEPT) map.delete(map.keys().next().value as string)
  return value
}
