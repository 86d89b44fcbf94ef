import { existsSync, readFileSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readSecretFile } from '../std/secret-file.ts'
import { suggest } from '../std/suggest.ts'
import { Mistake, toFileMistake } from './mistake.ts'
import { environmentName, flagName, type Option, type OptionName, optionNames, options } from './options.ts'

/** A value as it was written, and where: `--port`, `LATCHKEY_PORT`, `port in latchkey.config.ts`. */
export interface Given {
  value: unknown
  from: string
}

/** What one source says. */
export type Source = Map<OptionName, Given>

export type Environment = Readonly<Record<string, string | undefined>>

/** Names of the product's other half, which may share an environment with the service. */
const elsewhere = ['LATCHKEY_URL', 'LATCHKEY_API_KEY_FILE']
const elsewhereBelow = /^LATCHKEY_(?:WEB|EXPAND|APPLICATION)__/

/** Flags by the names that the command line parser gives them. */
export function fromFlags(flags: Readonly<Record<string, unknown>>): Source {
  const source: Source = new Map()
  for (const name of optionNames) {
    const flag = flagName(name)
    if (flag && flags[name] !== undefined) source.set(name, { value: flags[name], from: flag })
  }
  return source
}

/** Every `LATCHKEY_…`; secrets also from files named by `LATCHKEY_…_FILE`. An unknown name is a mistake. */
export function fromEnvironment(environment: Environment): Source {
  const source: Source = new Map()
  const known = new Set(elsewhere)
  for (const name of optionNames) {
    const variable = environmentName(name)
    known.add(variable)
    const value = environment[variable]
    if (value) source.set(name, { value, from: variable })
    if (!(options[name] as Option).secret) continue
    const fileVariable = `${variable}_FILE`
    known.add(fileVariable)
    const path = environment[fileVariable]
    if (!path) continue
    if (value) throw new Mistake(`both ${variable} and ${fileVariable} are set`, `unset ${variable}`)
    source.set(name, { value: readSecretFile(path, fileVariable), from: fileVariable })
  }
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('LATCHKEY_') || known.has(variable) || elsewhereBelow.test(variable)) continue
    refuseUnknown(variable, [...known], 'the environment')
  }
  return source
}

/** Nested settings of a file, or of an application's code. */
export function fromObject(object: unknown, where: string): Source {
  const source: Source = new Map()
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new Mistake(`${where} does not give an object`, 'export default { port: 4000 }')
  }
  for (const [name, value] of flatten(object as Record<string, unknown>)) {
    if (value === undefined) continue
    if (!isOptionName(name)) refuseUnknown(name, optionNames, where)
    source.set(name, { value, from: `${name} in ${where}` })
  }
  return source
}

const fileNames = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `latchkey.config.${ending}`)

/** The settings file: the given one, or the one in the folder, if any. */
export async function fromFile(path: string | undefined, folder: string): Promise<Source> {
  const found = fileNames.filter((name) => existsSync(join(folder, name)))
  if (!path && found.length > 1) {
    throw new Mistake(
      `there are several settings files: ${found.join(', ')}`,
      `keep one of them, or say --config ${found[0]}`,
    )
  }
  const name = path ?? found[0]
  if (name === undefined) return new Map()
  const absolute = isAbsolute(name) ? name : resolve(folder, name)
  if (path && !existsSync(absolute))
    throw new Mistake(`--config: no such file: ${path}`, 'latchkey serve --config latchkey.config.ts')
  return fromObject(await load(absolute, name), name)
}

const loaded = new Set<string>()

async function load(path: string, name: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'))
    const { href } = pathToFileURL(path)
    // Read again, a file is another module, or else it would be what it was.
    const again = loaded.has(path) ? `?changed=${statSync(path).mtimeMs}` : ''
    loaded.add(path)
    const module = (await import(href + again)) as {
      default?: unknown
    }
    return module.default
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw toFileMistake(error, '--config', name, `chmod u+r ${name}`)
    throw new Mistake(
      `${name} cannot be read: ${error instanceof Error ? error.message : error}`,
      `node --check ${name}`,
    )
  }
}

function flatten(object: Record<string, unknown>, prefix = ''): [string, unknown][] {
  return Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const name = prefix + key
    const nested = optionNames.some((option) => option.startsWith(`${name}.`))
    return nested && typeof value === 'object' && value !== null
      ? flatten(value as Record<string, unknown>, `${name}.`)
      : [[name, value]]
  })
}

function refuseUnknown(name: string, known: readonly string[], where: string): never {
  const near = suggest(name, known)
  throw new Mistake(
    `unknown setting ${name} in ${where}`,
    near ? `did you mean ${near}?` : `the settings are: ${known.join(', ')}`,
  )
}

const isOptionName = (name: string): name is OptionName => Object.hasOwn(options, name)
