import { promisify } from 'node:util'
import { fold } from '../../std/fold.ts'

const NEW_LINE = 10

let list: Promise<Buffer> | undefined

/** Whether a password is one of the common ones, in any case and width, with or without blanks around it. */
export async function isCommonPassword(password: string): Promise<boolean> {
  list ??= load()
  return holdsLine(await list, Buffer.from(fold(password.trim())))
}

/** 390 kB once it is wanted, off the main thread; a process that sets no password never has it. */
async function load(): Promise<Buffer> {
  const [{ brotliDecompress }, { commonPasswords }] = await Promise.all([
    import('node:zlib'),
    import('./common-passwords-list.ts'),
  ])
  return promisify(brotliDecompress)(Buffer.from(commonPasswords, 'base64'))
}

/** Looks for a line among sorted ones by halves. */
function holdsLine(lines: Buffer, line: Buffer): boolean {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    const start = middle === 0 ? 0 : lines.lastIndexOf(NEW_LINE, middle - 1) + 1
    const end = lines.indexOf(NEW_LINE, middle)
    const order = line.compare(lines, start, end)
    if (order === 0) return true
    if (order < 0) high = start
    else low = end + 1
  }
  return false
}
