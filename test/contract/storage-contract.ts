import { describe } from 'vitest'
import { customDataContract } from './custom-data.ts'
import { entitiesContract } from './entities.ts'
import { eventsContract } from './events.ts'
import { idempotencyContract } from './idempotency.ts'
import { listContract } from './list.ts'
import { oneTimeContract } from './one-time.ts'
import { racesContract } from './races.ts'
import { removeContract } from './remove.ts'
import { resealContract } from './reseal.ts'
import { schemaContract } from './schema.ts'
import { searchContract } from './search.ts'
import { customDataSearchContract } from './search-custom-data.ts'
import { largeSearchContract } from './search-large.ts'
import { standingContract } from './standing.ts'
import type { MakeDatabase } from './subject.ts'
import { usagesContract } from './usages.ts'
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
    customDataSearchContract(make)
    largeSearchContract(make)
    eventsContract(make)
    oneTimeContract(make)
    idempotencyContract(make)
    usagesContract(make)
    racesContract(make)
    standingContract(make)
    resealContract(make)
  })
}
