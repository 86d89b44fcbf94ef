import type { Store } from '../../core/ports.ts'
import { createSeal, type Seal, SealError } from '../../crypto/seal.ts'
import { loadKeyRing } from '../../server/key-ring.ts'
import { Mistake } from '../../server/mistake.ts'
import { requireTenant } from '../../server/operator.ts'
import { print } from '../print.ts'
import { createProgress } from '../progress.ts'
import type { Flags } from '../settings.ts'
import { withEngine } from '../with-engine.ts'

/** `latchkey key rotate`: beside a running service; what it seals meanwhile is sealed under the newest key anyway. */
export async function rotate(flags: Flags): Promise<void> {
  await withEngine(flags, async ({ services }, settings) => {
    await requireTenant(services)
    if (flags.verify) {
      const [newest] = loadKeyRing(settings, false)
      await verify(services.store, createSeal([newest]))
    } else await resealAll(services.store, services.seal)
  })
}

async function resealAll(store: Store, seal: Seal): Promise<void> {
  const progress = createProgress('values looked at')
  const replaced = await store.resealAll((sealed, place) => {
    progress.step()
    return seal.isCurrent(sealed) ? sealed : seal.seal(seal.open(sealed, place), place)
  })
  progress.end()
  print(`${replaced} of ${progress.count} sealed values are now under the newest key`)
}

async function verify(store: Store, seal: Seal): Promise<void> {
  const progress = createProgress('values opened')
  let closed = 0
  await store.resealAll((sealed, place) => {
    progress.step()
    if (!opens(seal, sealed, place)) closed++
    return sealed
  })
  progress.end()
  if (closed > 0) {
    throw new Mistake(
      `${closed} of ${progress.count} sealed values do not open with the newest key`,
      'latchkey key rotate',
      'data',
    )
  }
  print(`all ${progress.count} sealed values open with the newest key: older keys can leave the ring`)
}

function opens(seal: Seal, ...sealed: Parameters<Seal['open']>): boolean {
  try {
    seal.open(...sealed)
    return true
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}
