/**
 * Writes the list of common passwords that the product carries, out of the one zxcvbn-ts publishes:
 * `node test/support/common-passwords.ts`. The passwords are sorted and lie one a line, compressed, in base64.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { dictionary } from '@zxcvbn-ts/language-common'
import { fold } from '../../src/std/fold.ts'

export const target = 'src/core/policies/common-passwords-list.ts'

/** What the module holds: folded, each once, in the order of their bytes. */
export function sortedPasswords(): string[] {
  return [...new Set(dictionary['passwords-common'].map((password) => fold(String(password))))].toSorted((one, other) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  )
}

function license(): string {
  const name = '@zxcvbn-ts/language-common'
  return readFileSync(join(dirname(fileURLToPath(import.meta.resolve(name))), '../LICENSE.txt'), 'utf8')
}

function toModule(passwords: readonly string[]): string {
  const compressed = brotliCompressSync(`${passwords.join('\n')}\n`, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  })
  const lines = compressed.toString('base64').match(/.{1,116}/g) ?? []
  return `/*
Made by test/support/common-passwords.ts out of @zxcvbn-ts/language-common, which says:

${license().trim()}
*/

/** ${passwords.length.toLocaleString('en')} common passwords: sorted lines, Brotli, base64. */
export const commonPasswords = \`
${lines.join('\n')}
\`
`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(target, toModule(sortedPasswords()))
}
