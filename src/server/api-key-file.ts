import { existsSync, readFileSync } from 'node:fs'
import { toFileMistake } from './mistake.ts'

export interface KeyPair {
  id: string
  secret: string
}

/** A key pair in the form the old SDKs read: `apiKey.id = …`, `apiKey.secret = …`. */
export function toProperties({ id, secret }: KeyPair): string {
  return `apiKey.id = ${id}\napiKey.secret = ${secret}\n`
}

/** The pair in such a file; undefined when there is no file, or no whole pair in it. */
export function readKeyFile(path: string): KeyPair | undefined {
  if (!existsSync(path)) return undefined
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw toFileMistake(error, 'the API key file', path, `chmod u+r ${path}`)
  }
  const value = (name: string) => new RegExp(`^\\s*apiKey\\.${name}\\s*[=:]\\s*(\\S+)\\s*$`, 'm').exec(text)?.[1]
  const id = value('id')
  const secret = value('secret')
  return id && secret ? { id, secret } : undefined
}
