import { unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Engine } from '../core/engine.ts'
import type { Entity } from '../resources/registry.ts'
import { Problem } from '../schema/problems.ts'
import { apiKeyId, apiKeySecret } from '../std/id.ts'
import { type KeyPair, readKeyFile, toProperties } from './api-key-file.ts'
import type { Settings } from './config.ts'
import { ensureDataFolder } from './data-folder.ts'
import { Mistake } from './mistake.ts'
import { environmentName } from './options.ts'
import { createSecretFile } from './secret-file.ts'
import { twoWords } from './words.ts'

/** What exists after a first start and did not before. */
export interface FirstStart {
  tenant: Entity<'tenant'>
  apiKey: KeyPair
}

/**
 * Makes the tenant of an empty store; of several processes that start on it at once, one makes it. The key file is
 * written first: whenever there is a tenant, its key was on the disk, and a start that died between the two goes on
 * with the key it left.
 *
 * @param keyFile - where the pair of the first API key goes, if anywhere
 * @returns undefined when there is a tenant already
 */
export async function firstStart(
  engine: Engine,
  settings: Pick<Settings, 'apiKey' | 'preset' | 'ownerEmail'>,
  keyFile: string | undefined,
): Promise<FirstStart | undefined> {
  if (await engine.services.store.firstTenant()) return undefined
  const { pair, written } = keepKey(settings.apiKey, keyFile)
  try {
    const { preset, ownerEmail } = settings
    const { tenant } = await engine.createTenant({ key: twoWords(), preset, ownerEmail, apiKey: pair, onlyFirst: true })
    return { tenant, apiKey: pair }
  } catch (error) {
    if (!Problem.is(error, 'notUnique')) throw error
    // Another process was first. With a data folder of its own it made a key of its own, and ours opens nothing.
    if (written && keyFile && !(await engine.apiKeyStanding(pair.id))) unlinkSync(keyFile)
    return undefined
  }
}

/** The first key's pair: as given, as an earlier or simultaneous start left it in the file, or new. */
function keepKey(given: KeyPair | undefined, keyFile: string | undefined): { pair: KeyPair; written: boolean } {
  const pair = given ?? { id: apiKeyId(), secret: apiKeySecret() }
  if (keyFile) ensureDataFolder(dirname(keyFile))
  if (!keyFile || createSecretFile(keyFile, toProperties(pair))) return { pair, written: true }
  const found = readKeyFile(keyFile)
  if (!found) throw new Mistake(`${keyFile} is there, but holds no API key`, `rm ${keyFile}`)
  if (given && (given.id !== found.id || given.secret !== found.secret)) {
    throw new Mistake(`${keyFile} holds another API key than ${environmentName('apiKey.id')}`, `rm ${keyFile}`)
  }
  return { pair: found, written: false }
}
