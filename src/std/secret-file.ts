import { readFileSync, statSync } from 'node:fs'
import { toFileMistake } from './file-mistake.ts'
import { Mistake } from './mistake.ts'

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
