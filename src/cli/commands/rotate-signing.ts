import { Mistake } from '../../server/mistake.ts'
import { contextOf } from '../../server/operator.ts'
import { print } from '../print.ts'
import type { Flags } from '../settings.ts'
import { withEngine } from '../with-engine.ts'

const AT_ONCE = 100

/**
 * `latchkey key rotate-signing`: next keys for the applications whose time has come, as a service does by itself. With
 * `--emergency` every key of an application, or of all, is withdrawn at once, with all tokens it signed.
 */
export async function rotateSigning(flags: Flags): Promise<void> {
  await withEngine(flags, async (engine) => {
    const { store } = engine.services
    if (!flags.emergency) {
      print(`${await engine.tokens.rotateSigningKeys()} signing key(s) were made or taken away`)
      return
    }
    let withdrawn = 0
    for (const tenant of await store.tenants()) {
      const context = contextOf(tenant)
      for await (const id of applicationsOf(tenant)) {
        if (flags.application !== undefined && flags.application !== id) continue
        await engine.tokens.withdrawSigningKeys(context, id)
        withdrawn++
      }
    }
    if (withdrawn === 0) {
      throw new Mistake(
        `there is no application ${flags.application}`,
        'latchkey key rotate-signing --emergency',
        'data',
      )
    }
    print(`${withdrawn} application(s) sign with new keys; tokens of the old ones are worth nothing`)

    async function* applicationsOf(tenant: string): AsyncGenerator<string> {
      for (let offset = 0; ; offset += AT_ONCE) {
        const scope = { by: 'tenant', id: tenant }
        const { items } = await store.list({ resource: 'application', tenant, scope, offset, limit: AT_ONCE })
        for (const { id } of items) yield id
        if (items.length < AT_ONCE) return
      }
    }
  })
}
