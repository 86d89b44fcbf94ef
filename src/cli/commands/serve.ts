import { flushCompileCache } from 'node:module'
import { relative } from 'node:path'
import { requireBaseUrl, type Settings } from '../../server/config.ts'
import { inboxPath } from '../../server/inbox-path.ts'
import { bindToProcess } from '../../server/lifetime.ts'
import { errorFields } from '../../server/log.ts'
import { logToStandardError } from '../../server/log-lines.ts'
import { type Service, startService } from '../../server/service.ts'
import { paint, print, table } from '../print.ts'
import { type Flags, readSettings } from '../settings.ts'
import { version } from '../version.ts'

/** `latchkey serve`: starts the service and returns while it runs. */
export async function serve(flags: Flags): Promise<void> {
  const settings = await readSettings(flags)
  requireBaseUrl(settings)
  const service = await startService(settings)
  bindToProcess(service.stop, logToStandardError)
  process.on('SIGHUP', () => void reloadSettings(flags, service))
  announce(settings, service)
  // A service seldom ends by itself, and Node keeps what it compiled at the end only.
  flushCompileCache()
}

/** What cannot be read or does not fit changes nothing. */
async function reloadSettings(flags: Flags, service: Service): Promise<void> {
  try {
    const { taken, waiting } = service.reload(await readSettings(flags))
    const msg = waiting.length > 0 ? 'settings were read again; some wait for a restart' : 'settings were read again'
    logToStandardError({ level: 'warn', event: 'settings.reloaded', msg, taken, restart_needed: waiting })
  } catch (error) {
    const msg = 'settings were not read again: they stay as they are'
    logToStandardError({ level: 'error', event: 'settings.refused', msg, err: errorFields(error) })
  }
}

function announce(settings: Settings, { app, address, management }: Service): void {
  const rows: [string, string][] = [
    ['API', `${app.baseUrl}/v1`],
    ['Data', settings.database === undefined ? shortPath(settings.data) : 'PostgreSQL'],
  ]
  if (settings.development) rows.push(['Mode', 'development: answers this machine only, until a base URL is set'])
  if (address !== app.baseUrl) rows.push(['Listens', address])
  if (management !== undefined) rows.push(['Metrics', `${management}/metrics`])
  if (app.inbox) rows.push(['Mail', `not sent, but shown on ${app.baseUrl}${inboxPath}`])
  const { firstStart } = app
  if (firstStart) {
    if (firstStart.apiKeyFile) rows.push(['API key', shortPath(firstStart.apiKeyFile)])
    rows.push(
      ['Owner', `${settings.ownerEmail}, who chooses a password within 24 hours on`],
      ['', firstStart.ownerLink],
    )
  }
  print()
  print(`  ${paint(['bold', 'green'], 'Latchkey')} ${paint('dim', version())}  ${paint('bold', app.baseUrl)}`)
  print()
  print(table(rows, '  '))
  print()
}

/** Relative to where we are, for what lies below. */
function shortPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}
