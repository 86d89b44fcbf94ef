import { Mistake } from '../std/mistake.ts'

/** Everybody could log in as anybody. @throws Mistake where `NODE_ENV` is `production` */
export function refuseProduction(environment: Readonly<Record<string, string | undefined>> = process.env): void {
  if (environment.NODE_ENV !== 'production') return
  throw new Mistake(
    'latchkey/testing makes sessions without passwords, so it does not load where NODE_ENV is production',
    'import it in test files only, and run them with NODE_ENV=test',
  )
}

// Importing it is what is refused: no code of a kit that stands in a production bundle ever runs.
refuseProduction()
