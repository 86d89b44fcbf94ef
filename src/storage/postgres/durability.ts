/** What a server says about itself when a connection opens. */
export interface Standing {
  fsync: string
  full_page_writes: string
  synchronous_commit: string
  /** 1 on a standby. */
  in_recovery: number
}

/** Asked on every new connection: a role or a fail-over may have changed the answer. */
export const standingQuery = `
  select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit, pg_is_in_recovery() as in_recovery`

export type Durability = 'durable' | 'degraded'

/** Why an acknowledged write could be lost on this server, with what to do; undefined when it could not. */
export function undurable(standing: Standing): string | undefined {
  for (const setting of ['fsync', 'full_page_writes'] as const) {
    if (standing[setting] !== 'on') {
      return (
        `PostgreSQL runs with ${setting} = ${standing[setting]}, so a crash of its machine loses or corrupts data: ` +
        `set ${setting} = on in postgresql.conf and reload the server`
      )
    }
  }
  const { synchronous_commit } = standing
  if (synchronous_commit !== 'on' && synchronous_commit !== 'remote_apply') {
    return (
      `synchronous_commit is ${synchronous_commit} for this role and database, so a crash loses acknowledged writes: ` +
      'set it to on (alter role … set synchronous_commit = on, or in postgresql.conf)'
    )
  }
  return undefined
}

/** Said where a server answers that is not the primary. */
export const standbyRefused =
  'this PostgreSQL server is a standby and takes no writes: let the database URL name the primary, or every host of ' +
  'the cluster separated by commas'
