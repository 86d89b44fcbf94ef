import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey, type KeyRing, parseKeyRing } from '../crypto/key-ring.ts'
import { readSecretFile } from '../std/secret-file.ts'
import type { Settings } from './config.ts'
import { dataFiles, ensureDataFolder } from './data-folder.ts'
import { Mistake } from './mistake.ts'
import { environmentName } from './options.ts'
import { createSecretFile } from './secret-file.ts'

/**
 * The keys that seal what can be recovered: given, or in development made once and kept in the data folder.
 * @throws Mistake when none is given where one must be, or what is given is none
 */
export function loadKeyRing(settings: Settings, inMemory: boolean): KeyRing {
  const path = join(settings.data, dataFiles.secretKey)
  if (settings.secretKey !== undefined) return parse(settings.secretKey, environmentName('secretKey'))
  if (inMemory) return parseKeyRing(generateKey())
  if (settings.exposed) throw missing(path)
  if (!existsSync(path)) {
    ensureDataFolder(settings.data)
    createSecretFile(path, `${generateKey()}\n`)
  }
  return parse(readSecretFile(path, 'secretKey in'), path)
}

/** Whether a start would have its keys, without making any. @throws Mistake */
export function requireKeyRing(settings: Settings): void {
  if (settings.secretKey !== undefined || settings.exposed) loadKeyRing(settings, false)
}

function parse(text: string, from: string): KeyRing {
  try {
    return parseKeyRing(text)
  } catch (error) {
    const [reason] = (error as Error).message.split(' Make one with:')
    throw new Mistake(`${from}: ${reason}`, `export ${environmentName('secretKey')}="$(latchkey key generate)"`)
  }
}

function missing(path: string): Mistake {
  const name = environmentName('secretKey')
  const message = 'secretKey is not set, and the service is in production (NODE_ENV, or a baseUrl with https)'
  if (existsSync(path)) return new Mistake(message, `export ${name}_FILE=${path} (the key this data is sealed with)`)
  return new Mistake(message, `(umask 077; latchkey key generate > secret.key); export ${name}_FILE=secret.key`)
}
