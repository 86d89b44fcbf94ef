import { expect, test } from 'vitest'
import { describeConformance, expectError, expectNotFound, expectStatus, type Json } from './harness.ts'

const KINDS = ['tenant', 'application', 'directory', 'group', 'organization', 'account'] as const

/** What JavaScript's numbers would change, as it is written. */
const NUMBERS = {
  least: '-9223372036854775808',
  greatest: '9223372036854775807',
  unsigned: '18446744073709551615',
  hundredDigits: '1234567890'.repeat(10),
  negative: `-${'9'.repeat(100)}`,
  decimal: `0.${'1234567890'.repeat(13)}`,
  zero: '0.00',
  huge: '1e400',
  tiny: '1e-400',
  exponent: '1E+2',
  trailing: '100.10',
  minusZero: '-0',
  minusZeroPoint: '-0.0',
}

describeConformance('Custom data', (service) => {
  test.each(KINDS)('REST-N1 TRAP-T6 every %s has custom data, empty at first', async (kind) => {
    const owner = await newOwner(kind)
    expect(owner.customData).toEqual({ href: `${owner.href}/customData` })
    expect(await service().read(owner.customData.href)).toEqual({
      href: owner.customData.href,
      createdAt: expect.stringMatching(/Z$/),
      modifiedAt: expect.stringMatching(/Z$/),
    })
  })

  test.each(KINDS)('REST-N1 the custom data of a %s is written, read and emptied', async (kind) => {
    const { customData } = await newOwner(kind)
    expect(await service().update(customData.href, { key: 'value' })).toMatchObject({
      href: customData.href,
      key: 'value',
    })
    expect(await service().read(customData.href)).toMatchObject({ key: 'value' })
    await service().remove(customData.href)
    expect(await service().read(customData.href)).not.toHaveProperty('key')
  })

  test.each(['application', 'directory', 'group', 'organization', 'account'] as const)(
    'REST-N1 custom data may be sent with a new %s and with its change',
    async (kind) => {
      const owner = await newOwner(kind, { customData: { first: 1, kept: true } })
      await service().update(owner.href, { customData: { first: 2 } })
      expect(await service().read(owner.customData.href)).toMatchObject({ first: 2, kept: true })
    },
  )

  test('REST-N2 all JSON types come back, nested in any way', async () => {
    const { customData } = await service().newDirectory()
    const values = {
      text: 'Grüße \u0001 \u2028 🔑 "quoted" \\',
      empty: '',
      yes: true,
      no: false,
      nothing: null,
      number: -12.5,
      list: [1, 'two', null, [], [[3]], { four: 4 }],
      object: { a: { b: { c: [{ 'any name: here!': 1 }] } }, '': 'empty name inside' },
      emptyList: [],
      emptyObject: {},
    }
    await service().update(customData.href, values)
    expect(await service().read(customData.href)).toMatchObject(values)
  })

  test('REST-N2 lone surrogates do no harm', async () => {
    const { customData } = await service().newDirectory()
    const answer = await service().post(customData.href, '{"half":"\\ud83d"}')
    expect([200, 400]).toContain(answer.status)
    expectStatus(await service().get(customData.href), 200)
  })

  test('REST-N2 a text that not every database can hold is refused and nothing stored', async () => {
    const { customData } = await service().newDirectory()
    expectError(await service().post(customData.href, '{"other":1,"nul":"a\\u0000b"}'), 400, 2005)
    expectError(await service().post(customData.href, '{"other":1,"inside":[{"a\\u0000b":1}]}'), 400, 2005)
    expect(await service().read(customData.href)).not.toHaveProperty('other')
  })

  test.each(Object.entries(NUMBERS))(
    'REST-N3 TRAP-T5 the number %s comes back exactly as it was written',
    async (name, number) => {
      const account = await service().newAccount(await service().newDirectory())
      const { href } = account.customData
      const body = `{"${name}":${number},"inside":{"a":[${number}, {"b":${number}}]}}`
      const posted = await service().post(href, body)
      const read = await service().get(href)
      const expanded = await service().get(`${account.href}?expand=customData`)
      const listed = await service().get(`${account.directory.href}/accounts?expand=customData`)
      for (const { status, text } of [posted, read, expanded, listed]) {
        expect(status).toBe(200)
        expect(numbersIn(text, name)).toEqual([number])
        expect(numbersIn(text, 'b')).toEqual([number])
        expect(text.replaceAll(/\s/g, '')).toContain(`"a":[${number},{`)
      }
    },
  )

  test('REST-N3 TRAP-T5 numbers survive a merge of other members and a creation with embedded custom data', async () => {
    const members = Object.entries(NUMBERS).map(([name, number]) => `"${name}":${number}`)
    const created = await service().post('/applications', `{"name":"With numbers","customData":{${members.join(',')}}}`)
    expectStatus(created, 201)
    const { customData } = created.body
    await service().update(customData.href, { other: 1 })
    await service().remove(`${customData.href}/other`)
    const { text } = await service().get(customData.href)
    for (const [name, number] of Object.entries(NUMBERS)) expect(numbersIn(text, name)).toEqual([number])
  })

  test('REST-N4 members are merged at the top level only', async () => {
    const { customData } = await service().newDirectory()
    await service().update(customData.href, { kept: 1, replaced: { a: 1, b: 2 }, list: [1, 2, 3] })
    const merged = await service().update(customData.href, { replaced: { c: 3 }, list: [4], added: true })
    expect(merged).toMatchObject({ kept: 1, added: true, list: [4] })
    expect(merged.replaced).toEqual({ c: 3 })
    expect(await service().read(customData.href)).toEqual(merged)
  })

  test('REST-N4 a change moves modifiedAt', async () => {
    const { customData } = await service().newDirectory()
    const before = await service().read(customData.href)
    service().clock.advance(5000)
    const after = await service().update(customData.href, { a: 1 })
    expect(after.createdAt).toBe(before.createdAt)
    expect(Date.parse(after.modifiedAt) - Date.parse(before.modifiedAt)).toBe(5000)
  })

  test('REST-N5 TRAP-T5 null is a value and its field stays', async () => {
    const { customData } = await service().newDirectory()
    await service().update(customData.href, { field: 'text', other: null })
    await service().update(customData.href, { field: null })
    const read = await service().read(customData.href)
    expect(Object.keys(read).toSorted()).toEqual(['createdAt', 'field', 'href', 'modifiedAt', 'other'])
    expect([read.field, read.other]).toEqual([null, null])
  })

  test('REST-N6 one field is deleted', async () => {
    const { customData } = await service().newDirectory()
    await service().update(customData.href, { doomed: 1, kept: 2 })
    expectStatus(await service().delete(`${customData.href}/doomed`), 204)
    const read = await service().read(customData.href)
    expect(read).toMatchObject({ kept: 2 })
    expect(read).not.toHaveProperty('doomed')
  })

  test('REST-N6 deleting a field that is not there is no server error', async () => {
    const { customData } = await service().newDirectory()
    expect([204, 404]).toContain((await service().delete(`${customData.href}/nothing`)).status)
  })

  test('REST-N6 deleting all leaves the empty resource', async () => {
    const { customData } = await service().newDirectory()
    await service().update(customData.href, { a: 1, b: { c: 2 } })
    expectStatus(await service().delete(customData.href), 204)
    expect(Object.keys(await service().read(customData.href)).toSorted()).toEqual(['createdAt', 'href', 'modifiedAt'])
    expect(await service().update(customData.href, { again: 1 })).toMatchObject({ again: 1 })
  })

  test('REST-N6 POST with _method=DELETE deletes too', async () => {
    const { customData } = await service().newDirectory()
    await service().update(customData.href, { a: 1 })
    expectStatus(await service().post(`${customData.href}/a?_method=DELETE`), 204)
    expect(await service().read(customData.href)).not.toHaveProperty('a')
  })

  test.each([
    ['', 3000],
    ['x'.repeat(256), 3001],
    ['-leading', 3002],
    ['with space', 3002],
    ['with.dot', 3002],
    ['ümlaut', 3002],
    ['a/b', 3002],
    ['$ref', 3002],
    ['__proto__', 3002],
    ['meta', 3003],
    ['spMeta', 3003],
    ['spmeta', 3003],
    ['ionmeta', 3003],
    ['ionMeta', 3003],
  ])('REST-N7 the name %j is refused', async (name, code) => {
    const { href, customData } = await service().newDirectory()
    const members = `{"good":1,${JSON.stringify(name)}:1}`
    expectError(await service().post(customData.href, members), 400, code)
    expectError(await service().post(href, `{"customData":${members}}`), 400, code)
    expect(await service().read(customData.href)).not.toHaveProperty('good')
  })

  test.each([
    'a',
    'A-b_c-9',
    '0',
    '_',
    '_-',
    'x'.repeat(255),
    'constructor',
    'toString',
    'hasOwnProperty',
    'items',
    'name',
  ])('REST-N7 the name %s is taken', async (name) => {
    const { customData } = await service().newDirectory()
    await service().update(customData.href, `{${JSON.stringify(name)}:"here"}`)
    const { text } = await service().get(customData.href)
    expect(text.replaceAll(/\s/g, '')).toContain(`"${name}":"here"`)
    await service().remove(`${customData.href}/${name}`)
  })

  test('REST-N7 names inside of a member are free', async () => {
    const { customData } = await service().newDirectory()
    const free = { 'with space': 1, '-x': { meta: 1, href: 'mine', 'ü.ö': 2 } }
    expect((await service().update(customData.href, { free })).free).toEqual(free)
  })

  test('REST-N7 more than 10 MB are refused, and what was there stays', async () => {
    const { customData } = await service().newDirectory()
    const sixMegabytes = 'x'.repeat(6 * 1024 * 1024)
    expectStatus(await service().post(customData.href, { first: sixMegabytes }), 200)
    expectError(await service().post(customData.href, { second: sixMegabytes }), 400, 3004)
    const read = await service().read(customData.href)
    expect(read.first).toHaveLength(sixMegabytes.length)
    expect(read).not.toHaveProperty('second')
  })

  test('REST-N8 custom data is read by its own URL and by expansion, the same', async () => {
    const directory = await service().newDirectory({ customData: { a: 1 } })
    const own = await service().read(directory.customData.href)
    expect((await service().read(`${directory.href}?expand=customData`)).customData).toEqual(own)
  })

  test('REST-N8 TRAP-T6 unexpanded it is a bare link, in every answer', async () => {
    const directory = await service().newDirectory({ customData: { a: 1 } })
    const bare = { href: `${directory.href}/customData` }
    expect(directory.customData).toEqual(bare)
    expect((await service().read(directory.href)).customData).toEqual(bare)
    expect((await service().update(directory.href, { customData: { b: 2 } })).customData).toEqual(bare)
    const { items } = await service().read(`/directories?name=${directory.name}`)
    expect(items[0].customData).toEqual(bare)
  })

  test('REST-N8 href, createdAt and modifiedAt in a body are ignored', async () => {
    const { customData } = await service().newDirectory()
    const before = await service().read(customData.href)
    const after = await service().update(customData.href, {
      ...before,
      href: 'x',
      createdAt: 'y',
      modifiedAt: 'z',
      a: 1,
    })
    expect(after).toMatchObject({ href: before.href, createdAt: before.createdAt, a: 1 })
    expect(Date.parse(after.modifiedAt)).toBeGreaterThan(0)
  })

  test('REST-N8 the custom data of another tenant does not exist', async () => {
    const stranger = await service().secondTenant()
    const { customData } = await service().newDirectory({ customData: { secret: 1 } })
    expectNotFound(await stranger.get(customData.href))
    expectNotFound(await stranger.post(customData.href, { mine: 1 }))
    expectNotFound(await stranger.delete(`${customData.href}/secret`))
    expectNotFound(await stranger.delete(customData.href))
    expect(await service().read(customData.href)).toMatchObject({ secret: 1 })
  })

  async function newOwner(kind: (typeof KINDS)[number], values: Record<string, unknown> = {}): Promise<Json> {
    switch (kind) {
      case 'tenant':
        return service().tenant
      case 'application':
        return service().newApplication(values)
      case 'directory':
        return service().newDirectory(values)
      case 'organization':
        return service().newOrganization(values)
      case 'group':
        return service().newGroup(await service().newDirectory(), values)
      case 'account':
        return service().newAccount(await service().newDirectory(), values)
    }
  }
})

/** The numbers that stand after `"name":` in a JSON text. */
function numbersIn(json: string, name: string): string[] {
  return [...json.matchAll(new RegExp(`"${name}"\\s*:\\s*([-+.0-9eE]+)`, 'g'))].map(([, number]) => number as string)
}
