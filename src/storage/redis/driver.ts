/** What is used of the package `ioredis`, an optional peer: it is loaded when a Redis is named and not before. */
export type Driver = Pick<typeof import('ioredis'), 'Redis'>

/** @throws Error that names the package and the command, where it is not installed */
export async function loadDriver(load: () => Promise<Driver> = () => import('ioredis')): Promise<Driver> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error('Redis needs the package ioredis, which is not installed: npm install ioredis', { cause: error })
  }
}
