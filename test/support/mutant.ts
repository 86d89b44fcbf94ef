import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../..')

/** One weakening: in `file` (below src/), the only occurrence of `find` becomes `replace`. */
export interface Edit {
  file: string
  find: string
  replace: string
}

/**
 * A copy of the product with a guard taken out, to prove that a test would notice. The copy runs from source like the
 * repository does. An edit that does not apply fails loudly: the guard moved, and the proof must follow it.
 */
export async function makeMutant(edits: readonly Edit[]): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'latchkey-mutant-'))
  const remove = () => rm(root, { recursive: true, force: true })
  try {
    await cp(join(repository, 'src'), join(root, 'src'), { recursive: true })
    await cp(join(repository, 'package.json'), join(root, 'package.json'))
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'))
    for (const edit of edits) await weaken(join(root, 'src', edit.file), edit)
  } catch (error) {
    await remove()
    throw error
  }
  return { root, remove }
}

async function weaken(path: string, { file, find, replace }: Edit): Promise<void> {
  const parts = (await readFile(path, 'utf8')).split(find)
  if (parts.length !== 2) throw new Error(`the guard is found ${parts.length - 1} times in src/${file}: ${find}`)
  await writeFile(path, parts.join(replace))
}
