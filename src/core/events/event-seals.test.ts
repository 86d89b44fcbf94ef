import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { createDataKey, createDataSeal, createSeal } from '../../crypto/seal.ts'
import { eventSeal, forgetEventSeal } from './event-seals.ts'

const placeOf = (row: string) => ({ tenant: 't', table: 'account', row, column: 'eventKey' })
const diffPlace = { tenant: 't', table: 'event', row: 'e', column: 'diff' }

function setUp() {
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }])
  const key = createDataKey()
  return { seal, key, opened: vi.spyOn(seal, 'open'), sealedKey: seal.seal(key, placeOf('a')) }
}

test('a diff is sealed under the key that was sealed, which is opened once', () => {
  const { seal, key, opened, sealedKey } = setUp()
  for (const text of ['{"a":1}', '{"a":2}']) {
    const sealed = eventSeal(seal, sealedKey, placeOf('a')).seal(text, diffPlace)
    expect(createDataSeal(key).open(sealed, diffPlace).toString()).toBe(text)
  }
  expect(opened).toHaveBeenCalledOnce()
})

test('a forgotten key is opened anew', () => {
  const { seal, opened, sealedKey } = setUp()
  eventSeal(seal, sealedKey, placeOf('a'))
  forgetEventSeal(seal, sealedKey)
  eventSeal(seal, sealedKey, placeOf('a'))
  expect(opened).toHaveBeenCalledTimes(2)
})

test('of a thousand keys the oldest goes first', () => {
  const { seal, opened } = setUp()
  const sealedKeys = Array.from({ length: 1001 }, (_, at) => seal.seal(createDataKey(), placeOf(String(at))))
  for (const [at, sealedKey] of sealedKeys.entries()) eventSeal(seal, sealedKey, placeOf(String(at)))
  eventSeal(seal, sealedKeys[1000] as string, placeOf('1000'))
  expect(opened).toHaveBeenCalledTimes(1001)
  eventSeal(seal, sealedKeys[0] as string, placeOf('0'))
  expect(opened).toHaveBeenCalledTimes(1002)
})
