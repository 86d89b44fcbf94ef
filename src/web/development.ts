import type { LightResponse } from '../std/exchange.ts'
import { whyForeign } from '../std/own-machine.ts'
import type { WebRequest } from './request.ts'

/**
 * While nothing is set, the service in this process serves this machine alone: a request that came through a proxy, or
 * by another name, says that others can reach it. It is refused with the setting that allows it. (design.md, decision 16)
 */
export function guardDevelopment(request: WebRequest): LightResponse | undefined {
  const foreign = whyForeign(request)
  return (
    foreign && {
      status: foreign.status,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
      body:
        `This request is refused because ${foreign.because}, and the users of this app live in development mode.\n` +
        "To let others reach it, say where: latchkey({ baseUrl: 'https://shop.example.com' }), or " +
        'LATCHKEY_BASE_URL=https://shop.example.com\n',
    }
  )
}
