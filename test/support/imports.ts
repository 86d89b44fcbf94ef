import { glob, readFile } from 'node:fs/promises'
import { posix } from 'node:path'

export interface Import {
  /** As written. */
  specifier: string
  /** The imported file from the root of the repository; undefined for a package or a module of the runtime. */
  path: string | undefined
  /** `import(…)`, also in a type, or the address of a worker. */
  lazy: boolean
}

/** Source texts by path from the root of the repository. */
export type Sources = ReadonlyMap<string, string>

const statement = /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm
const expression = /\bimport\(\s*['"]([^'"]+)['"]|\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]/g
const commentLine = /^\s*(?:\/\/|\/?\*).*$/gm

/** Every import, re-export, dynamic import and worker of one formatted source file. */
export function importsOf(path: string, source: string): Import[] {
  const code = source.replace(commentLine, '')
  const found = [
    ...code.matchAll(statement).map(([, specifier = '']) => ({ specifier, lazy: false })),
    ...code.matchAll(expression).map(([, specifier, worker = '']) => ({ specifier: specifier ?? worker, lazy: true })),
  ]
  return found.map(({ specifier, lazy }) => ({
    specifier,
    lazy,
    path: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
  }))
}

/** All source files under a folder, tests left out. */
export async function readSources(folder: string): Promise<Sources> {
  const paths = await Array.fromAsync(glob(`${folder}/**/*.ts`, { exclude: (path) => path.endsWith('.test.ts') }))
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)))
}
