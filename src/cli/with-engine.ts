import type { Engine } from '../core/engine.ts'
import { localUrl, type Settings } from '../server/config.ts'
import { openEngine } from '../server/open-engine.ts'
import { type Flags, readSettings } from './settings.ts'

/** Runs a command on the engine of its settings, beside a service that may be running on the same database. */
export async function withEngine(
  flags: Flags,
  command: (engine: Engine, settings: Settings) => Promise<void>,
): Promise<void> {
  const settings = await readSettings(flags)
  const { engine, close } = await openEngine(settings, settings.baseUrl ?? localUrl(settings.host, settings.port))
  try {
    await command(engine, settings)
  } finally {
    await close()
  }
}
