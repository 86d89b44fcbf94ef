import { afterAll, beforeAll } from 'vitest'
import type { Store } from '../../src/core/ports.ts'
import type { Database } from '../../src/storage/database.ts'
import { lint } from '../../src/storage/linter.ts'
import { createMigrator } from '../../src/storage/migrations/runner.ts'
import { createStore } from '../../src/storage/store.ts'
import { clock } from '../support/entities.ts'

/** A database of its own for one group of tests. */
export interface MadeDatabase {
  database: Database
  /** Another handle on the same data, as another process has; absent where a test cannot have one. */
  another?(): Promise<Database>
  close(): Promise<void>
}

/** Makes an empty database, or one that may have been migrated already. */
export type MakeDatabase = (options: { empty: boolean }) => Promise<MadeDatabase>

export interface Subject {
  readonly database: Database
  readonly store: Store
  another(): Promise<Database>
}

/** A migrated database with a linted store, for the tests of the group this is called in. */
export function subject(make: MakeDatabase): Subject {
  let made: MadeDatabase
  let store: Store
  beforeAll(async () => {
    made = await make({ empty: false })
    await createMigrator(made.database).up()
    store = createStore(lint(made.database), { clock })
  })
  afterAll(async () => {
    await store?.close()
    await made?.close()
  })
  return {
    get database() {
      return made.database
    },
    get store() {
      return store
    },
    another: () => {
      if (!made.another) throw new Error('this test needs a second handle on the database')
      return made.another()
    },
  }
}
