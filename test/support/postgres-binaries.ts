import { execFile } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { canInstall, install, isExecutable, searchPath } from './debian.ts'

const run = promisify(execFile)

/**
 * The folder that holds `initdb` and `postgres`: on the PATH, where `pg_config` says, or where Debian puts them. On a
 * Debian machine where we are root a missing PostgreSQL is installed; anywhere else this throws and says what to do.
 */
export async function postgresBinaries(): Promise<string> {
  const found = await find()
  if (found) return found
  if (await canInstall()) {
    await install('postgresql', 'PostgreSQL')
    const installed = await find()
    if (installed) return installed
  }
  throw new Error(
    'The tests need PostgreSQL 14 or later, and neither PATH nor pg_config leads to its initdb and postgres. Install it ' +
      '(Debian, Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql) or put its bin folder on PATH.',
  )
}

async function find(): Promise<string | undefined> {
  const candidates = [...searchPath(), await configured(), ...(await debian())]
  for (const folder of candidates) {
    if (folder && (await holdsServer(folder))) return folder
  }
  return undefined
}

async function configured(): Promise<string | undefined> {
  try {
    return (await run('pg_config', ['--bindir'])).stdout.trim()
  } catch {
    return undefined
  }
}

/** Newest version first. */
async function debian(): Promise<string[]> {
  const folders = await Array.fromAsync(glob('/usr/lib/postgresql/*/bin'))
  return folders.sort((a, b) => Number(b.split('/')[4]) - Number(a.split('/')[4]))
}

async function holdsServer(folder: string): Promise<boolean> {
  return (await isExecutable(join(folder, 'initdb'))) && (await isExecutable(join(folder, 'postgres')))
}
