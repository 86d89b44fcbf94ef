import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/**
 * The network an address belongs to, as limits count it: the /24 of an IPv4 address, the /64 of an IPv6 one (RFC 6177: a
 * site has at least that much). Undefined for what is no address.
 *
 * @example networkOf('203.0.113.7') // '203.0.113.0/24'
 */
export function networkOf(address: string): string | undefined {
  const plain = normalize(address)
  if (plain === undefined) return undefined
  if (isIPv4(plain)) return `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`
  return `${groupsOf(plain).slice(0, 4).join(':')}::/64`
}

const nearby = new BlockList()
for (const [address, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const) {
  nearby.addSubnet(address, bits, 'ipv4')
}
nearby.addAddress('::1', 'ipv6')
nearby.addSubnet('fc00::', 7, 'ipv6')
nearby.addSubnet('fe80::', 10, 'ipv6')

/** Whether an address is of this machine or of a network that the internet does not reach, as proxies in front of us are. */
export function isNearby(address: string | undefined): boolean {
  const plain = address === undefined ? undefined : normalize(address)
  return plain !== undefined && nearby.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
}

/** Networks whose members are believed when they say for whom they forward. */
export interface TrustedProxies {
  includes(address: string): boolean
}

/**
 * Reads addresses and networks in CIDR notation: `10.0.0.0/8`, `::1`.
 *
 * @returns undefined when one of them is neither, or is everything there is
 */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies | undefined {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix, ...rest] = entry.split('/')
    const family = isIP(address)
    const most = family === 4 ? 32 : 128
    const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
    // Whoever trusts everyone trusts the attacker.
    if (family === 0 || rest.length > 0 || !(bits >= 1 && bits <= most)) return undefined
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return {
    includes(address) {
      const plain = normalize(address)
      return plain !== undefined && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
    },
  }
}

/**
 * Whose request it is: the other end of the connection, or, where that is a trusted proxy, the last address in
 * `X-Forwarded-For` that is not one. Read from the right, since whatever stands further left came from the client. Without
 * trusted proxies the header counts for nothing.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies | undefined,
): string | undefined {
  if (peer === undefined || !trusted?.includes(peer)) return peer && normalize(peer)
  let found = normalize(peer)
  for (const hop of (forwardedFor ?? '').split(',').reverse()) {
    const address = normalize(hop.trim())
    if (address === undefined) break
    found = address
    if (!trusted.includes(address)) break
  }
  return found
}

/** An address without port, brackets or zone, IPv4 inside of IPv6 as IPv4; undefined for what is none. */
function normalize(text: string): string | undefined {
  const bare = text.replace(/^\[([^\]]*)\](:\d{1,5})?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d{1,5}$/, '$1')
  const address = bare.replace(/%.*$/, '').toLowerCase()
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return undefined
  return mapped(address) ?? address
}

function mapped(address: string): string | undefined {
  const groups = groupsOf(address)
  if (groups.slice(0, 5).some((group) => group !== '0') || groups[5] !== 'ffff') return undefined
  const [high, low] = groups.slice(6).map((group) => Number.parseInt(group, 16)) as [number, number]
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** The eight groups of an IPv6 address, each without leading zeros. */
function groupsOf(address: string): string[] {
  const hexadecimal = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number) as [number, number, number, number]
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [head = '', tail] = hexadecimal.split('::')
  const split = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [split(head), split(tail ?? '')]
  const filled = tail === undefined ? [] : Array(8 - before.length - after.length).fill('0')
  return [...before, ...filled, ...after].map((group) => Number.parseInt(group, 16).toString(16))
}
