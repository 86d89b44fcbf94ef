import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Mistake, toFileMistake } from './mistake.ts'

/** What lies in the data folder. */
export const dataFiles = {
  database: 'latchkey.sqlite',
  secretKey: 'secret.key',
  apiKey: 'apiKey.properties',
} as const

/**
 * Makes the data folder where it is missing, for its owner alone and unseen by git.
 * @throws Mistake when it cannot be made or used
 */
export function ensureDataFolder(path: string): void {
  const fix = 'export LATCHKEY_DATA=<a folder that you may write to>'
  try {
    if (!existsSync(path)) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      writeFileSync(join(path, '.gitignore'), '*\n', { mode: 0o600 })
    }
    if (!statSync(path).isDirectory()) throw new Mistake(`data ${path} is a file, not a folder`, fix)
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw toFileMistake(error, 'data', path, fix)
  }
}
