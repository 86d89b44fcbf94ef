import { describe } from 'vitest'
import { entitiesContract } from './entities.ts'
import { removeContract } from './remove.ts'
import { schemaContract } from './schema.ts'
import type { MakeDatabase } from './subject.ts'

/** Everything the engine relies on, over one kind of database. */
export function describeStorage(name: string, make: MakeDatabase): void {
  describe(`storage over ${name}`, () => {
    schemaContract(make)
    entitiesContract(make)
    removeContract(make)
  })
}
