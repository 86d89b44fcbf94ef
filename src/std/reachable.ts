import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

const inside = new BlockList()
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  inside.addSubnet(address, prefix, 'ipv4')
}
for (const [address, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  inside.addSubnet(address, prefix, 'ipv6')
}

/** There is no address that may be used. */
export class NoAddress extends Error {
  override readonly name = 'NoAddress'
}

/** Whether an IP address is one of this machine, of a private network, or none that the open internet routes. */
export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return inside.check(mapped, 'ipv4')
  // The same in hexadecimal.
  if (/^::ffff:/i.test(address)) return true
  return inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The IP address to connect to for a host that a tenant named: a mail server, an identity provider, a receiver of news. What one tenant may name must not reach what only this
 * machine reaches, so hosts inside are refused where the service is shared; and the address is resolved once, so that a
 * second answer of the name server changes nothing.
 * @throws NoAddress when there is none that may be used
 */
export async function addressOf(host: string, { allowInside }: { allowInside: boolean }): Promise<string> {
  const name = host.replace(/^\[|\]$/g, '')
  const found = isIP(name) ? [{ address: name }] : await lookup(name, { all: true })
  const address = found.map((each) => each.address).find((each) => allowInside || !isInside(each))
  if (address === undefined) throw new NoAddress('the host is on a private network, which only the operator can allow')
  return address
}
