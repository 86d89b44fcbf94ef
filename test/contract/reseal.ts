import { describe, expect, test } from 'vitest'
import { entity, insert, newTenant } from '../support/entities.ts'
import { type MakeDatabase, subject } from './subject.ts'

export function resealContract(make: MakeDatabase): void {
  describe('resealing', () => {
    const it = subject(make)

    test('every sealed value is shown with its place and replaced', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const account = await insert(it.store, 'account', tenant, { directory })
      const key = await insert(it.store, 'apiKey', tenant, { account: account.id })
      const shown: string[] = []
      const count = await it.store.resealAll((sealed, place) => {
        shown.push(`${place.tenant} ${place.table} ${place.row} ${place.column}`)
        return `again ${sealed}`
      })
      expect(shown.sort()).toEqual(
        [
          `${tenant} tenant ${tenant} eventKey`,
          `${tenant} account ${account.id} eventKey`,
          `${tenant} apiKey ${key.id} secret`,
        ].sort(),
      )
      expect(count).toBe(3)
      expect(await it.store.get('apiKey', tenant, key.id)).toEqual({ ...key, secret: `again ${key.secret}` })
      expect(await it.store.resealAll((sealed) => sealed)).toBe(0)
    })

    test('what changes meanwhile is left as it is', async () => {
      const { tenant, directory } = await newTenant(it.store)
      const account = await insert(it.store, 'account', tenant, { directory })
      const other = await it.another()
      let racing: Promise<unknown> | undefined
      await it.store.resealAll((sealed, { row }) => {
        if (row === account.id) {
          racing = other.write((connection) =>
            connection.run('update accounts set event_key = ? where tenant_id = ? and id = ?', ['newer', tenant, row]),
          )
        }
        return `${sealed}!`
      })
      await racing
      await other.close()
      const kept = (await it.store.get('account', tenant, account.id))?.eventKey
      // Whichever came first, the newer value is never overwritten by the older one sealed again.
      expect(kept).toBe('newer')
    })

    test('more rows than are shown at once', { timeout: 60_000 }, async () => {
      const { tenant, directory } = await newTenant(it.store)
      for (let n = 0; n < 5; n++) {
        await it.store.write(async (tx) => {
          for (let at = 0; at < 300; at++) {
            await tx.insert('account', entity('account', tenant, { directory }))
          }
        })
      }
      let mine = 0
      await it.store.resealAll((sealed, place) => {
        if (place.tenant === tenant && place.table === 'account') mine++
        return place.tenant === tenant ? `2 ${sealed}` : sealed
      })
      expect(mine).toBe(1500)
    })
  })
}
