import { load } from '../measure/load.ts'
import { type Latchkey, newAccount, PASSWORD, uniqueEmail } from './latchkey.ts'

const CALLERS = 32

/** Everything at once: reads, pages, searches, updates, registrations and log-ins, as fast as it goes. */
export async function mixedLoad(
  latchkey: Latchkey,
  accounts: readonly { email: string; path: string }[],
  duration: number,
): Promise<void> {
  const { application, directory, request } = latchkey
  let at = 0
  const one = () => accounts[at++ % accounts.length] as { email: string; path: string }
  const reads = [
    () => request({ path: one().path }),
    () => request({ path: `${one().path}?expand=customData,directory` }),
    () => request({ path: `${directory}/accounts?limit=25` }),
    () => request({ path: `${directory}/accounts?email=${one().email}` }),
    () => request({ path: `${application}/accounts?q=lovelace` }),
    () => request({ method: 'POST', path: `${one().path}/customData`, body: { visits: at } }),
  ]
  const attempt = () => ({ type: 'basic', value: Buffer.from(`${one().email}:${PASSWORD}`).toString('base64') })
  await Promise.all([
    load({ ...latchkey, connections: CALLERS, duration, next: () => reads[at % reads.length]?.() }),
    load({
      ...latchkey,
      connections: 4,
      duration,
      next: () => request({ method: 'POST', path: `${application}/loginAttempts`, body: attempt() }),
    }),
    load({
      ...latchkey,
      connections: 2,
      duration,
      status: 201,
      next: () => request({ method: 'POST', path: `${directory}/accounts`, body: newAccount(uniqueEmail()) }),
    }),
  ])
}
