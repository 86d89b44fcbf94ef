import { checkOnline } from '../../server/check-online.ts'
import { effectiveValues, originsOf, requireBaseUrl } from '../../server/config.ts'
import { requireKeyRing } from '../../server/key-ring.ts'
import { Mistake } from '../../server/mistake.ts'
import { type Option, optionNames, options } from '../../server/options.ts'
import { paint, print, table } from '../print.ts'
import { type Flags, readSettings, readSources } from '../settings.ts'
import { tell } from './doctor.ts'

/**
 * `latchkey config check`: everything a start would look at before it opens anything; with `--online`, what the settings
 * name is asked too.
 */
export async function checkSettings(flags: Flags): Promise<void> {
  const settings = await readSettings(flags)
  requireBaseUrl(settings)
  requireKeyRing(settings)
  if (flags.online) {
    const findings = await checkOnline(settings)
    tell(findings)
    const { length } = findings.filter(({ level }) => level === 'error')
    if (length > 0)
      throw new Mistake(`${length} thing(s) that the settings name cannot be used`, 'what stands above', 'unavailable')
  }
  print('the settings are in order')
}

/** `latchkey config print`: what holds, and which source says so; secrets stay unseen. */
export async function printSettings(flags: Flags): Promise<void> {
  const values = effectiveValues(await readSettings(flags))
  const from = originsOf(await readSources(flags))
  const shown = optionNames.map((name) => {
    const { secret }: Option = options[name]
    const value = values[name]
    return value === undefined ? '–' : secret ? '***' : String(value)
  })
  const width = Math.max(...shown.map((value) => value.length))
  const rows = optionNames.map((name, at): [string, string] => [
    name,
    `${shown[at]?.padEnd(width)}  ${paint('dim', from.get(name) ?? 'default')}`,
  ])
  print(table(rows))
}
