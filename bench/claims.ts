import type { Claim } from './claim.ts'
import { login } from './p1-login.ts'
import { registration } from './p2-registration.ts'
import { read } from './p4-read.ts'
import { readPostgres } from './p5-read-postgres.ts'
import { page } from './p6-page.ts'

export const claims: readonly Claim[] = [login, registration, read, readPostgres, page]
