import { resolveSettings, type Settings } from '../server/config.ts'
import { fromEnvironment, fromFile, fromFlags, type Source } from '../server/sources.ts'
import { warn } from './print.ts'

/** What the command line parser read: values by the camel-case name of their flag. */
export type Flags = Readonly<Record<string, unknown>>

/** The sources of settings of a command, the strongest first. */
export async function readSources(flags: Flags): Promise<Source[]> {
  const file = await fromFile(flags.config as string | undefined, process.cwd())
  return [fromFlags(flags), fromEnvironment(process.env), file]
}

/** The settings of a command; weaknesses are told on the way. */
export async function readSettings(flags: Flags): Promise<Settings> {
  const settings = resolveSettings(await readSources(flags), { production: process.env.NODE_ENV === 'production' })
  for (const warning of settings.warnings) warn(warning)
  return settings
}
