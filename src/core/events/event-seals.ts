import { createDataSeal, type DataSeal, type Place, type Seal } from '../../crypto/seal.ts'

/** Keys of the accounts written about last; in memory only, and few beside the accounts there may be. */
const MOST_KEPT = 1000

const kept = new WeakMap<Seal, Map<string, DataSeal>>()

/**
 * The seal of an event's diff under the key of whom it is about, itself sealed. To open a key costs more than to seal a
 * diff with it, so those used last stay open.
 */
export function eventSeal(seal: Seal, sealedKey: string, place: Place): DataSeal {
  const open = openOf(seal)
  const known = open.get(sealedKey)
  if (known) return known
  const made = createDataSeal(seal.open(sealedKey, place))
  open.set(sealedKey, made)
  if (open.size > MOST_KEPT) open.delete(open.keys().next().value as string)
  return made
}

/** The key goes with its account. */
export function forgetEventSeal(seal: Seal, sealedKey: string): void {
  openOf(seal).delete(sealedKey)
}

function openOf(seal: Seal): Map<string, DataSeal> {
  const open = kept.get(seal) ?? new Map<string, DataSeal>()
  kept.set(seal, open)
  return open
}
