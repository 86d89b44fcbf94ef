import { describe, expect, test } from 'vitest'
import { createStatements, numberPlaceholders } from './statements.ts'

describe('placeholders', () => {
  test.each([
    ['select 1', 'select 1'],
    ['select * from a where b = ? and c in (?, ?)', 'select * from a where b = $1 and c in ($2, $3)'],
    ["select '?' , 'it''s ?', ?", "select '?' , 'it''s ?', $1"],
    ["select e'\\'?', E'a\\\\', ?", "select e'\\'?', E'a\\\\', $1"],
    ["select 'a\\', ?", "select 'a\\', $1"],
    ["select name'?' , ?", "select name'?' , $1"],
    ['select "col?umn", "a""?" from t where x = ?', 'select "col?umn", "a""?" from t where x = $1'],
    ['select $$ ? $$, $tag$ ? $$ ? $tag$, ?', 'select $$ ? $$, $tag$ ? $$ ? $tag$, $1'],
    ['select ? -- why?\n, ?', 'select $1 -- why?\n, $2'],
    ['select ? /* ? \n ? */, ?', 'select $1 /* ? \n ? */, $2'],
    ['select ?::jsonb -> ?', 'select $1::jsonb -> $2'],
  ])('%s', (sql, expected) => {
    expect(numberPlaceholders(sql)).toBe(expected)
  })
})

describe('statement names', () => {
  test('are the same for the same text, different for different texts, and short', () => {
    const statementOf = createStatements(true)
    const one = statementOf('select ?')
    expect(statementOf('select ?')).toBe(one)
    expect(createStatements(true)('select ?')).toEqual(one)
    expect(statementOf('select ?, 1').name).not.toBe(one.name)
    // PostgreSQL cuts names at 63 bytes
    expect(one.name?.length).toBeLessThanOrEqual(63)
  })

  test('are absent where statements must not be prepared', () => {
    expect(createStatements(false)('select ?')).toEqual({ text: 'select $1' })
  })

  test('stop being given when there are many texts', () => {
    const statementOf = createStatements(true)
    for (let index = 0; index < 2000; index++) statementOf(`select ${index}`)
    expect(statementOf('select 1').name).toBeDefined()
    expect(statementOf('select 1999')).toEqual({ text: 'select 1999' })
  })
})
