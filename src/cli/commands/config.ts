import { effectiveValues, originsOf, requireBaseUrl } from '../../server/config.ts'
import { requireKeyRing } from '../../server/key-ring.ts'
import { type Option, optionNames, options } from '../../server/options.ts'
import { paint, print, table } from '../print.ts'
import { type Flags, readSettings, readSources } from '../settings.ts'

/** `latchkey config check`: everything a start would look at before it opens anything. */
export async function checkSettings(flags: Flags): Promise<void> {
  const settings = await readSettings(flags)
  requireBaseUrl(settings)
  requireKeyRing(settings)
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
