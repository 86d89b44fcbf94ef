import type { Cluster } from '../test/support/postgres-cluster.ts'

export type StoreName = 'sqlite' | 'postgres'

/** One claim of speed: what it says, what must come out, and how it is measured. */
export interface Claim {
  /** `P4`, as in the performance goals. */
  id: string
  title: string
  goal: string
  /** Measures. Each line is one comparison; a claim that concerns the store gives at least one for each store. */
  run(context: Context): Promise<Line[]>
}

/** One row of the table. */
export interface Line {
  what: string
  store: StoreName | '-'
  ours: string
  baseline: string
  ratio: string
  goal: string
  /** Undefined where nothing was promised. */
  met?: boolean
}

export interface Context {
  readonly quick: boolean
  readonly flags: Flags
  readonly stores: readonly StoreName[]
  /** How many interleaved rounds, and for how many milliseconds each contender is loaded in one of them. */
  readonly rounds: number
  readonly roundMs: number
  /** A folder that is gone after the run. */
  folder(name: string): string
  /** A PostgreSQL server of this run, durable as in production; started when it is first asked for. */
  postgres(): Promise<Cluster>
  /** Shown on a terminal while the claim runs. */
  progress(text: string): void
  /** Printed below the table. */
  note(text: string): void
}

export interface Flags {
  /** Ten million accounts on SQLite, one million on PostgreSQL. */
  large: boolean
  /** The most on SQLite otherwise; a million unless said. */
  accounts: number
  /** Writes a CPU profile of every service under test into this folder. */
  profile: string | undefined
}
