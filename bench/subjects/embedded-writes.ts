/** Updates of custom data by callers in the product's own process, as an embedded app makes them. */
import type { Context } from '../../src/core/context.ts'
import { answerQuestions } from './child.ts'
import { openSeeded } from './seed.ts'

export interface EmbeddedWriteQuestion {
  tenant: string
  ids: readonly string[]
  callers: number
  duration: number
}

const [data = '', url] = process.argv.slice(2)
const app = await openSeeded(data, url)
let writes = 0

/** Updates per second. */
async function rate({ tenant, ids, callers, duration }: EmbeddedWriteQuestion): Promise<number> {
  const context: Context = { tenant, actor: { kind: 'system', id: 'bench' }, requestId: 'bench' }
  const start = performance.now()
  let done = 0
  const call = async (_: unknown, caller: number) => {
    const owner = { resource: 'account', id: ids[caller % ids.length] as string } as const
    while (performance.now() - start < duration) {
      await app.engine.mergeCustomData(context, owner, { visits: ++writes })
      done++
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  return (done / (performance.now() - start)) * 1000
}

answerQuestions(rate, app.close)
