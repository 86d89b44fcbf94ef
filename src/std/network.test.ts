import { expect, test } from 'vitest'
import { clientAddress, networkOf, parseTrustedProxies } from './network.ts'

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
  ['203.0.113.7:50123', '203.0.113.0/24'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test.each(['', 'unknown', '203.0.113', '203.0.113.256', '1.2.3.4, 5.6.7.8', '::g', '203.0.113.7/24'])(
  '%j is no address',
  (text) => {
    expect(networkOf(text)).toBeUndefined()
  },
)

test('OPS-O15 whoever would trust everyone is refused', () => {
  for (const entry of ['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/8/8', 'proxy.example.com', '', '10.0.0.0/-1']) {
    expect(parseTrustedProxies([entry]), entry).toBeUndefined()
  }
  expect(parseTrustedProxies([])?.includes('127.0.0.1')).toBe(false)
})

test('ATTACK-D3 X-Forwarded-For counts behind trusted proxies alone, from the right', () => {
  const trusted = parseTrustedProxies(['10.0.0.0/8', '127.0.0.1'])
  expect(clientAddress('203.0.113.9', '1.2.3.4', undefined)).toBe('203.0.113.9')
  expect(clientAddress('203.0.113.9', '1.2.3.4', trusted)).toBe('203.0.113.9')
  expect(clientAddress('10.1.1.1', undefined, trusted)).toBe('10.1.1.1')
  expect(clientAddress('10.1.1.1', '1.2.3.4, 198.51.100.7', trusted)).toBe('198.51.100.7')
  expect(clientAddress('::ffff:127.0.0.1', '1.2.3.4, 198.51.100.7, 10.2.2.2', trusted)).toBe('198.51.100.7')
  expect(clientAddress('10.1.1.1', '198.51.100.7, nonsense, 10.2.2.2', trusted)).toBe('10.2.2.2')
  expect(clientAddress(undefined, '1.2.3.4', trusted)).toBeUndefined()
})
