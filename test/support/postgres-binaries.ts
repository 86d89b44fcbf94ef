import { execFile } from 'node:child_process'
import { access, constants, glob } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The folder that holds `initdb` and `postgres`: on the PATH, where `pg_config` says, or where Debian puts them. On a
 * Debian machine where we are root a missing PostgreSQL is installed; anywhere else this throws and says what to do.
 */
export async function postgresBinaries(): Promise<string> {
  const found = await find()
  if (found) return found
  if (process.getuid?.() === 0 && (await onPath('apt-get'))) {
    await install()
    const installed = await find()
    if (installed) return installed
  }
  throw new Error(
    'The tests need PostgreSQL 14 or later, and neither PATH nor pg_config leads to its initdb and postgres. Install it ' +
      '(Debian, Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql) or put its bin folder on PATH.',
  )
}

async function find(): Promise<string | undefined> {
  const candidates = [...path(), await configured(), ...(await debian())]
  for (const folder of candidates) {
    if (folder && (await holdsServer(folder))) return folder
  }
  return undefined
}

const path = () => (process.env.PATH ?? '').split(delimiter)

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

async function onPath(command: string): Promise<boolean> {
  for (const folder of path()) if (await isExecutable(join(folder, command))) return true
  return false
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function install(): Promise<void> {
  console.log('PostgreSQL is missing: installing it with apt-get install postgresql (once, about a minute).')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run('apt-get', ['update', '-qq'], { env: environment, maxBuffer: 2 ** 26 })
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], {
      env: environment,
      maxBuffer: 2 ** 26,
    })
  } catch (error) {
    throw new Error('apt-get could not install postgresql', { cause: error })
  }
}
