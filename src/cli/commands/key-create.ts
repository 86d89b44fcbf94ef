import { existsSync } from 'node:fs'
import { toProperties } from '../../server/api-key-file.ts'
import { Mistake } from '../../server/mistake.ts'
import { operatorContext, requireTenant } from '../../server/operator.ts'
import { createSecretFile } from '../../server/secret-file.ts'
import { apiKeyId, apiKeySecret } from '../../std/id.ts'
import { print } from '../print.ts'
import type { Flags } from '../settings.ts'
import { withEngine } from '../with-engine.ts'

/** `latchkey key create`: a new API key of the owner's, printed or written to a file that must not exist yet. */
export async function create(flags: Flags): Promise<void> {
  const out = flags.out as string | undefined
  if (out !== undefined && existsSync(out)) throw taken(out)
  await withEngine(flags, async (engine) => {
    const tenant = await requireTenant(engine.services)
    const pair = { id: apiKeyId(), secret: apiKeySecret() }
    // A file first: a key that nobody can read should not exist.
    if (out !== undefined && !createSecretFile(out, toProperties(pair))) throw taken(out)
    const name = flags.name as string | undefined
    const values = { ...pair, ...(name === undefined ? {} : { name }), account: tenant.ownerAccount as string }
    await engine.create(operatorContext(tenant), 'apiKey', { values })
    print(out === undefined ? toProperties(pair).trimEnd() : out)
  })
}

function taken(path: string): Mistake {
  return new Mistake(`--out ${path} exists already`, `latchkey key create --out ${path}.new`)
}
