import { describe, expect, test } from 'vitest'
import { createMigrator } from '../../src/storage/migrations/runner.ts'
import type { Migration } from '../../src/storage/migrations/words.ts'
import { expectedTables } from '../../src/storage/schema.ts'
import { schemaOf, toFound } from '../support/schema-of.ts'
import { type MakeDatabase, subject } from './subject.ts'

const step = (name: string, ...statements: string[]): Migration => ({ name, statements: () => statements })

export function schemaContract(make: MakeDatabase): void {
  describe('schema', () => {
    const it = subject(make)

    test('the migrations made what the declarations ask for: tables, columns, indexes and foreign keys', async () => {
      const found = await schemaOf(it.database)
      const expected = expectedTables(it.database.dialect).map((table) => toFound(table))
      expect(found.map(({ name }) => name).sort()).toEqual(expected.map(({ name }) => name).sort())
      for (const table of expected) expect(found.find(({ name }) => name === table.name)).toEqual(table)
    })

    test('there is nothing more to do, and the status says when it was done', async () => {
      const migrator = createMigrator(it.database)
      expect(await migrator.pending()).toEqual([])
      expect(await migrator.up()).toEqual([])
      for (const { appliedAt } of await migrator.status()) expect(appliedAt).toBeGreaterThan(0)
    })
  })

  describe('migrations', () => {
    test('go forward, all or none, and refuse a database of another build', async () => {
      const { database, close } = await make({ empty: true })
      const first = step('0001-a', 'create table a (x integer)')
      const second = step('0002-b', 'create table b (x integer)')
      const migrator = (...migrations: Migration[]) => createMigrator(database, { migrations })
      try {
        expect(await migrator(first).pending()).toEqual(['0001-a'])
        expect(await migrator(first).up()).toEqual(['0001-a'])
        await expect(migrator(first, second, step('0003-c', 'create nonsense')).up()).rejects.toThrow()
        expect(await migrator(first, second).pending()).toEqual(['0002-b'])
        expect(await migrator(first, second).up()).toEqual(['0002-b'])
        await expect(migrator(first).up()).rejects.toThrow('does not know: 0002-b')
        const changed = step('0001-a', 'create table a (y integer)')
        await expect(migrator(changed, second).pending()).rejects.toThrow('0001-a differs')
      } finally {
        await database.close()
        await close()
      }
    })

    test('sixteen cold starts at once all succeed', async () => {
      const made = await make({ empty: true })
      const { another } = made
      const others = another ? await Promise.all(Array.from({ length: 15 }, () => another())) : []
      const handles = [made.database, ...others]
      try {
        const done = await Promise.all(handles.map((database) => createMigrator(database).up()))
        expect(done.filter((names) => names.length > 0)).toHaveLength(1)
        for (const database of handles) expect(await createMigrator(database).pending()).toEqual([])
      } finally {
        await Promise.all(handles.map((database) => database.close()))
        await made.close()
      }
    })
  })
}
