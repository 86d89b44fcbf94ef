import type { Claim } from './claim.ts'
import { enumeration } from './enumeration.ts'
import { login } from './p1-login.ts'
import { registration } from './p2-registration.ts'
import { guard } from './p3-guard.ts'
import { read } from './p4-read.ts'
import { readPostgres } from './p5-read-postgres.ts'
import { page } from './p6-page.ts'
import { grants } from './p7-grants.ts'
import { introspection } from './p8-introspection.ts'
import { customData } from './p9-custom-data.ts'
import { growth } from './p10-growth.ts'
import { start } from './p12-start.ts'
import { memory } from './p13-memory.ts'
import { pages } from './pages.ts'

/** Every claim that is measured, in the order of its number. */
export const claims: readonly Claim[] = [
  login,
  registration,
  guard,
  read,
  readPostgres,
  page,
  grants,
  introspection,
  customData,
  growth,
  start,
  memory,
  pages,
  enumeration,
]
