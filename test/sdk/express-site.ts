import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Site {
  url: string
  close(): Promise<void>
}

/** Starts the site of express-site.cjs with these settings. @throws Error with what express-stormpath found wrong */
export async function startSite(settings: object): Promise<Site> {
  const process = fork(fileURLToPath(new URL('express-site.cjs', import.meta.url)), [JSON.stringify(settings)])
  const [{ port, error }] = (await once(process, 'message')) as [{ port?: number; error?: string }]
  if (error !== undefined) throw new Error(error)
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const exit = once(process, 'exit')
      process.disconnect()
      await exit
    },
  }
}
