import type { LightResponse } from '../../std/exchange.ts'
import type { Exchange } from '../exchange.ts'

/** Answers a request to one route. */
export type Flow = (exchange: Exchange) => Promise<LightResponse>

/** What a route does for each verb; a verb without flow is left to the application. */
export interface Verbs {
  GET?: Flow
  POST?: Flow
  /** Kinds that GET knows; others are left to the application. Both unless given. */
  getOnly?: 'text/html'
  /** Answered whatever the client wants. */
  anyType?: true
}
