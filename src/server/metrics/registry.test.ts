import { expect, test } from 'vitest'
import { createRegistry } from './registry.ts'

test('WEB-W157 counters, gauges and histograms are told in the text format of Prometheus', () => {
  const registry = createRegistry('x_')
  const requests = registry.counter('requests_total', 'Requests.', ['route', 'status_class'])
  registry.counter('never_total', 'Nothing yet.', [])
  registry.gauge('depth', 'Waiting.', () => [{ labels: { channel: 'mail' }, value: 3 }])
  registry.gauge('unknown', 'Not here.', () => undefined)
  const durations = registry.histogram('seconds', 'Durations.', ['route'], [0.1, 1])
  requests.add('/v1/accounts/:id', '2xx')
  requests.add('/v1/accounts/:id', '2xx')
  requests.add('odd "route"\\\n', '4xx')
  for (const value of [0.05, 0.1, 0.5, 7]) durations.observe(value, '/a')
  expect(registry.expose()).toBe(`# HELP x_requests_total Requests.
# TYPE x_requests_total counter
x_requests_total{route="/v1/accounts/:id",status_class="2xx"} 2
x_requests_total{route="odd \\"route\\"\\\\\\n",status_class="4xx"} 1
# HELP x_never_total Nothing yet.
# TYPE x_never_total counter
x_never_total 0
# HELP x_depth Waiting.
# TYPE x_depth gauge
x_depth{channel="mail"} 3
# HELP x_unknown Not here.
# TYPE x_unknown gauge
# HELP x_seconds Durations.
# TYPE x_seconds histogram
x_seconds_bucket{route="/a",le="0.1"} 2
x_seconds_bucket{route="/a",le="1"} 3
x_seconds_bucket{route="/a",le="+Inf"} 4
x_seconds_sum{route="/a"} 7.65
x_seconds_count{route="/a"} 4
`)
})

test('nobody can fill the memory with label values', () => {
  const registry = createRegistry()
  const counter = registry.counter('c_total', 'C.', ['who'])
  for (let i = 0; i < 5000; i++) counter.add(`who ${i}`)
  const lines = registry.expose().split('\n')
  expect(lines.length).toBeLessThan(1010)
  expect(lines).toContain('latchkey_c_total{who="other"} 4000')
})

test('a name is used once', () => {
  const registry = createRegistry()
  registry.gauge('g', 'G.', () => 1)
  expect(() => registry.gauge('g', 'G.', () => 1)).toThrow('exists')
})
