import { expect, test } from 'vitest'
import { parseHosts } from './hosts.ts'

test('one host is left as it is', () => {
  const url = 'postgres://me:se%40cret@db.example:5433/latchkey?sslmode=verify-full'
  const hosts = parseHosts(url)
  expect(hosts.count).toBe(1)
  expect(hosts.current).toBe(url)
  hosts.leave(url)
  expect(hosts.current).toBe(url)
})

test('OPS-O38 several hosts are taken in turn, each failure turning once', () => {
  const hosts = parseHosts('postgresql://me@one:1,two:2/name?target_session_attrs=read-write&sslmode=verify-full')
  const first = 'postgresql://me@one:1/name?sslmode=verify-full'
  const second = 'postgresql://me@two:2/name?sslmode=verify-full'
  expect(hosts.count).toBe(2)
  expect(hosts.current).toBe(first)
  hosts.leave(first)
  hosts.leave(first)
  expect(hosts.current).toBe(second)
  hosts.leave(second)
  expect(hosts.current).toBe(first)
})

test('target_session_attrs alone leaves no question mark', () => {
  expect(parseHosts('postgres://h/n?target_session_attrs=read-write').current).toBe('postgres://h/n')
})

test('another scheme is refused without repeating what it holds', () => {
  expect(() => parseHosts('mysql://me:secret@host/name')).toThrow(/must start with postgres:/)
})
