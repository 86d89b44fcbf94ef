import { describe } from 'vitest'
import { customDataContract } from './custom-data.ts'
import { entitiesContract } from './entities.ts'
import { listContract } from './list.ts'
import { removeContract } from './remove.ts'
import { schemaContract } from './schema.ts'
import { searchContract } from './search.ts'
import type { MakeDatabase } from './subject.ts'
import { viewsContract } from './views.ts'

/** Everything the engine relies on, over one kind of database. */
export function describeStorage(name: string, make: MakeDatabase): void {
  describe(`storage over ${name}`, () => {
    schemaContract(make)
    entitiesContract(make)
    customDataContract(make)
    removeContract(make)
    listContract(make)
    viewsContract(make)
    searchContract(make)
  })
}
