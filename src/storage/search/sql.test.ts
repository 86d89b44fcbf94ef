import { describe, expect, test } from 'vitest'
import { allOf, anyOf, join, listOf, name, sql } from './sql.ts'

describe('sql', () => {
  test('values become parameters, fragments part of the text, parameters in the order of their marks', () => {
    const inner = sql`b = ${2} and c in ${listOf([3, '4'])}`
    const whole = sql`select ${name('x')} from t where a = ${1} and (${inner}) limit ${5}`
    expect(whole.sql).toBe('select x from t where a = ? and (b = ? and c in (?, ?)) limit ?')
    expect(whole.parameters).toEqual([1, 2, 3, '4', 5])
  })

  test('text with SQL in it stays a parameter', () => {
    const { sql: text, parameters } = sql`a = ${"'; drop table accounts --"} and ${join(['or 1 = 1', sql`b`])}`
    expect(text).toBe('a = ? and ?, b')
    expect(parameters).toEqual(["'; drop table accounts --", 'or 1 = 1'])
  })

  test('no value is too odd to be a parameter', () => {
    const bytes = new Uint8Array([1])
    expect(sql`${null}, ${bytes}, ${0}, ${''}`).toMatchObject({ sql: '?, ?, ?, ?', parameters: [null, bytes, 0, ''] })
  })

  test('conditions hold together or by one; none hold always or never', () => {
    const [a, b] = [sql`a = ${1}`, sql`b = ${2}`]
    expect(allOf([a, b])).toMatchObject({ sql: 'a = ? and b = ?', parameters: [1, 2] })
    expect(anyOf([a, b])).toMatchObject({ sql: '(a = ? or b = ?)', parameters: [1, 2] })
    expect([allOf([]).sql, anyOf([]).sql]).toEqual(['1 = 1', '1 = 0'])
  })
})
