import type { LightRequest, LightResponse } from '../std/exchange.ts'
import { whyForeign } from '../std/own-machine.ts'
import { errorAnswer } from './answers.ts'

/**
 * In development everything is open to this machine alone. A request that came through a proxy, or by another name, says
 * that others can reach us (or that a page is trying to, by DNS rebinding): it is refused with the setting that allows it.
 */
export function guardDevelopment(request: LightRequest): LightResponse | undefined {
  const foreign = whyForeign(request)
  return (
    foreign &&
    errorAnswer({
      status: foreign.status,
      message: 'This service runs in development mode and answers requests of its own machine only.',
      developerMessage:
        `This request is refused because ${foreign.because}, and the service runs in development mode. To let others reach ` +
        'it, set baseUrl: latchkey serve --base-url https://id.example.com, or LATCHKEY_BASE_URL=https://id.example.com',
    })
  )
}
