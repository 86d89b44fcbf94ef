import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['PT1H', 3_600_000],
  ['PT15M', 900_000],
  ['P60D', 5_184_000_000],
  ['P2W', 1_209_600_000],
  ['P1Y', 31_536_000_000],
  ['P1M', 2_592_000_000],
  ['PT1M', 60_000],
  ['P1Y2M3DT4H5M6.5S', 31_536_000_000 + 2 * 2_592_000_000 + 3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6_500],
  ['PT0S', 0],
  ['PT0,25S', 250],
  ['PT1.005S', 1_005],
  ['PT36H', 129_600_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  'P1',
  '1D',
  'PT1D',
  'P1H',
  'P1S',
  'PT1S1M',
  '-PT1H',
  'P-1D',
  'p1d',
  'P1.5D',
  'PT1.S',
  ' PT1H',
  'PT1H\n',
  'P9999999999999999Y',
  `P${'9'.repeat(400)}D`,
])('%j is none', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
