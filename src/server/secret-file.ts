import { randomBytes } from 'node:crypto'
import { closeSync, constants, copyFileSync, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { toFileMistake } from './mistake.ts'

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
