import type { Source } from '../core/context.ts'
import { refuse } from '../schema/problems.ts'
import type { LightRequest } from '../std/exchange.ts'
import { networkOf } from '../std/network.ts'

/** Headers in which an application says for whom it asks. Only holders of an API key are heard. */
export const sourceHeaders = {
  address: 'x-latchkey-user-address',
  userAgent: 'x-latchkey-user-agent',
  device: 'x-latchkey-user-device',
} as const

const longest = { userAgent: 1024, device: 128 } as const

/**
 * Where the end user is, as the caller says: limits and lockout count by it. `X-Forwarded-For` counts for nothing here:
 * whoever has no key could send it.
 *
 * @throws Problem invalid
 */
export function parseSource(request: Pick<LightRequest, 'header'>): Source | undefined {
  const address = request.header(sourceHeaders.address)
  const userAgent = request.header(sourceHeaders.userAgent)
  const device = request.header(sourceHeaders.device)
  if (address === undefined && userAgent === undefined && device === undefined) return undefined
  if (address !== undefined && networkOf(address) === undefined) {
    refuse('invalid', { property: 'X-Latchkey-User-Address', reason: 'it must be an IP address' })
  }
  if (
    device !== undefined &&
    !(device.length >= 16 && device.length <= longest.device && /^[\w.~+/=-]+$/.test(device))
  ) {
    refuse('invalid', {
      property: 'X-Latchkey-User-Device',
      reason: 'it must be 16 to 128 letters, digits or any of -_.~+/=',
    })
  }
  return {
    ...(address !== undefined && { address }),
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, longest.userAgent) }),
    ...(device !== undefined && { device }),
  }
}
