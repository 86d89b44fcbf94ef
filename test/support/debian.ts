import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The folders of the PATH. */
export const searchPath = (): string[] => (process.env.PATH ?? '').split(delimiter)

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** The first file of one of these names on the PATH that can be run. */
export async function findOnPath(...names: string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of searchPath()) if (await isExecutable(join(folder, name))) return join(folder, name)
  }
  return undefined
}

/** Whether this is a Debian machine where we are root. */
export async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await findOnPath('apt-get')) !== undefined
}

/** Installs a package of Debian and says so; `title` is what people call it. */
export async function install(name: string, title: string): Promise<void> {
  console.log(`${title} is missing: installing it with apt-get install ${name} (once, about a minute).`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 2 ** 26 }
  try {
    await run('apt-get', ['update', '-qq'], options)
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options)
  } catch (error) {
    throw new Error(`apt-get could not install ${name}`, { cause: error })
  }
}
