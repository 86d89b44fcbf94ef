import { existsSync } from 'node:fs'
import { availableParallelism, release, totalmem, type } from 'node:os'
import { effectiveValues, originsOf } from '../../server/config.ts'
import { examine } from '../../server/doctor.ts'
import { errorFields } from '../../server/log.ts'
import { Mistake } from '../../server/mistake.ts'
import { type Option, optionNames, options } from '../../server/options.ts'
import { createSecretFile } from '../../server/secret-file.ts'
import { print, remark } from '../print.ts'
import { type Flags, readSettings, readSources } from '../settings.ts'
import { version } from '../version.ts'

/**
 * `latchkey support-bundle`: versions, settings without their secrets, what `doctor` finds, and the metrics and health of
 * the service that runs with these settings, in one file for whoever helps.
 */
export async function supportBundle(flags: Flags): Promise<void> {
  const out = (flags.out as string | undefined) ?? 'latchkey-support.json'
  if (existsSync(out)) throw taken(out)
  const settings = await readSettings(flags)
  const values = effectiveValues(settings)
  const origins = originsOf(await readSources(flags))
  const shown = optionNames.map((name) => {
    const { secret, personal }: Option = options[name]
    const value = values[name]
    const isHidden = (secret || personal) && value !== undefined
    return [name, { value: isHidden ? '***' : (value ?? null), from: origins.get(name) ?? 'default' }] as const
  })
  const { managementHost, managementPort } = settings
  const beside = `http://${managementHost.includes(':') ? `[${managementHost}]` : managementHost}:${managementPort}`
  const bundle = {
    at: new Date().toISOString(),
    latchkey: version(),
    node: process.version,
    system: { type: type(), release: release(), cores: availableParallelism(), memory: totalmem() },
    settings: Object.fromEntries(shown),
    doctor: await examine(settings).catch(told),
    health: await ask(`${beside}/readyz`),
    metrics: await ask(`${beside}/metrics`),
  }
  if (!createSecretFile(out, `${JSON.stringify(bundle, undefined, 2)}\n`)) throw taken(out)
  print(out)
  remark('It holds no secrets and no data of users; look through it all the same before you hand it on.')
}

async function ask(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) })
    const text = await answer.text()
    return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text.split('\n')
  } catch (error) {
    return told(error)
  }
}

function told(error: unknown): { unavailable: string } {
  return { unavailable: errorFields(error).message }
}

function taken(path: string): Mistake {
  return new Mistake(`--out ${path} exists already`, `latchkey support-bundle --out ${path}.new`)
}
