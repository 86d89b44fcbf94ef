/** The package `pg`, an optional peer: it is loaded when a PostgreSQL database is opened and not before. */
export type Driver = typeof import('pg')

/** @throws Error that names the package and the command, where it is not installed */
export async function loadDriver(load: () => Promise<Driver> = () => import('pg')): Promise<Driver> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error('PostgreSQL needs the package pg, which is not installed: npm install pg', { cause: error })
  }
}
