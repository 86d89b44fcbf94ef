import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Mistake, toFileMistake } from './mistake.ts'

/**
 * The text of a file that holds a secret, without surrounding blanks.
 * @param from - the setting that names the file
 * @throws Mistake when it cannot be read, is empty, or others than its owner may read it
 */
export function readSecretFile(path: string, from: string): string {
  let text: string
  let mode: number
  try {
    text = readFileSync(path, 'utf8').trim()
    mode = statSync(path).mode
  } catch (error) {
    throw toFileMistake(error, from, path, `ls -l ${path}`)
  }
  if (process.platform !== 'win32' && mode & 0o077) {
    throw new Mistake(
      `${from} ${path} may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
      `chmod 600 ${path} (in a container, mount the secret with mode 0400)`,
    )
  }
  if (text === '') throw new Mistake(`${from} ${path} is empty`, `write the secret into ${path}`)
  return text
}

/**
 * Writes a file that only its owner may read: whole and on the disk, or not at all.
 * @returns false when there is one already, which stays as it is, also when two processes write at once
 * @throws Mistake when the file system does not let us
 */
export function createSecretFile(path: string, text: string): boolean {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeWhole(temporary, text)
    try {
      appear(temporary, path)
    } finally {
      unlinkSync(temporary)
    }
    syncFolder(dirname(path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw toFileMistake(error, 'cannot write', path, `df -h ${dirname(path)}; ls -ld ${dirname(path)}`)
  }
}

function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A link appears at once and refuses to replace; a rename would replace. Some file systems know no links. */
function appear(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (!linkless.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    copyFileSync(temporary, path, constants.COPYFILE_EXCL)
  }
}

const linkless = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'])

function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
