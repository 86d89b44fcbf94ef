import { Mistake } from '../../std/mistake.ts'
import { readSecretFile } from '../../std/secret-file.ts'
import { suggest } from '../../std/suggest.ts'
import { type Branch, type Dictionary, isDictionary, isLeaf, type Leaf, type Values } from './language.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** One value as it was set, and where. */
export interface Given {
  readonly value: unknown
  /** `LATCHKEY_WEB__LOGIN__URI`, or `web.login.uri in the options`. */
  readonly from: string
}

/** What one source says, by the path of each setting. */
export type Source = ReadonlyMap<string, Given>

/**
 * Texts of the environment, nested by `__`: `LATCHKEY_WEB__LOGIN__NEXT_URI`; secrets also from files named by `…_FILE`.
 * Names of this tree alone are looked at.
 */
export function fromEnvironment(tree: Branch, environment: Environment): Source {
  const source = new Map<string, Given>()
  const set = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const walk = (branch: Branch, path: readonly string[], prefix: string): void => {
    for (const [name, node] of Object.entries(branch)) {
      const variable = `${prefix}${toVariable(name)}`
      if (isDictionary(node)) {
        for (const chosen of namesUnder(set, `${variable}__`)) {
          walk(node.each, [...path, name, toName(chosen)], `${variable}__${chosen}__`)
        }
      } else if (isLeaf(node)) readVariable(node, [...path, name].join('.'), node.environment ?? variable)
      else walk(node, [...path, name], `${variable}__`)
    }
  }
  const readVariable = (leaf: Leaf, path: string, variable: string): void => {
    const value = environment[variable]
    if (value && !leaf.codeOnly) source.set(path, { value, from: variable })
    const file = leaf.secret ? environment[`${variable}_FILE`] : undefined
    if (!file) return
    if (value) throw new Mistake(`both ${variable} and ${variable}_FILE are set`, `unset ${variable}`)
    source.set(path, { value: readSecretFile(file, `${variable}_FILE`), from: `${variable}_FILE` })
  }
  walk(tree, [], 'LATCHKEY_')
  refuseUnknownVariables(tree, set, source)
  return source
}

/** Below the names of this tree alone: others may share an environment with us. */
function refuseUnknownVariables(tree: Branch, set: readonly [string, string][], source: Source): void {
  const taken = new Set([...source.values()].map(({ from }) => from))
  const stems = Object.entries(tree)
    .filter(([, node]) => !isLeaf(node))
    .map(([name]) => `LATCHKEY_${toVariable(name)}__`)
  for (const [variable] of set) {
    if (taken.has(variable) || !stems.some((stem) => variable.startsWith(stem))) continue
    const known = variablesOf(tree, 'LATCHKEY_')
    const near = suggest(variable, known)
    throw new Mistake(
      `unknown setting ${variable} in the environment`,
      near ? `did you mean ${near}?` : `unset ${variable}`,
    )
  }
}

function variablesOf(branch: Branch, prefix: string): string[] {
  return Object.entries(branch).flatMap(([name, node]) => {
    const variable = `${prefix}${toVariable(name)}`
    if (isLeaf(node)) return node.codeOnly ? [] : [node.environment ?? variable]
    return isDictionary(node) ? [] : variablesOf(node, `${variable}__`)
  })
}

/**
 * Nested settings of an application's code.
 * @returns what they say, and the names at the first level that are not of this tree
 * @throws Mistake for an unknown name further down
 */
export function fromObject(tree: Branch, object: object, where: string): { source: Source; others: string[] } {
  const source = new Map<string, Given>()
  const others: string[] = []
  const walk = (branch: Branch, given: object, path: readonly string[]): void => {
    for (const [name, value] of Object.entries(given)) {
      const node = Object.hasOwn(branch, name) ? branch[name] : undefined
      const here = [...path, name]
      if (value === undefined || value === null) continue
      if (node) readNode(node, value, here)
      else if (path.length === 0) others.push(name)
      else
        refuseUnknown(
          here.join('.'),
          Object.keys(branch).map((known) => [...path, known].join('.')),
          where,
        )
    }
  }
  const readNode = (node: Leaf | Dictionary | Branch, value: unknown, path: readonly string[]): void => {
    if (isLeaf(node)) source.set(path.join('.'), { value, from: `${path.join('.')} in ${where}` })
    else if (typeof value !== 'object' || Array.isArray(value)) {
      throw new Mistake(`${path.join('.')} in ${where} must be an object`, `${path.at(-1)}: { … }`)
    } else if (!isDictionary(node)) walk(node, value as object, path)
    else for (const [name, each] of Object.entries(value as object)) readEntry(node, each, [...path, name])
  }
  const readEntry = ({ each }: Dictionary, value: unknown, path: readonly string[]): void => {
    // a name with nothing to say still says that there is one
    source.set(path.join('.'), { value: undefined, from: `${path.join('.')} in ${where}` })
    readNode(each, value, path)
  }
  walk(tree, object, [])
  return { source, others }
}

/** @throws Mistake */
export function refuseUnknown(name: string, known: readonly string[], where: string): never {
  const near = suggest(name, known)
  throw new Mistake(
    `unknown setting ${name} in ${where}`,
    near ? `did you mean ${near}?` : `the settings there are: ${known.join(', ')}`,
  )
}

/**
 * The settings out of their sources, the strongest first.
 * @throws Mistake when a value does not fit
 */
export function readValues<B extends Branch>(tree: B, sources: readonly Source[]): Values<B> {
  const given = (path: string) => sources.find((source) => source.has(path))?.get(path)
  const walk = (branch: Branch, path: readonly string[]): object =>
    Object.fromEntries(
      Object.entries(branch).map(([name, node]) => {
        const here = [...path, name]
        if (isDictionary(node)) {
          const names = new Set(sources.flatMap((source) => namesBelow(source, here.join('.'))))
          return [name, Object.fromEntries([...names].map((chosen) => [chosen, walk(node.each, [...here, chosen])]))]
        }
        return [name, isLeaf(node) ? readLeaf(node, given(here.join('.'))) : walk(node, here)]
      }),
    )
  return walk(tree, []) as Values<B>
}

function readLeaf(leaf: Leaf, given: Given | undefined): unknown {
  if (!given || given.value === undefined) return undefined
  const value = leaf.parse(given.value)
  if (value !== undefined) return value
  const shown = leaf.secret || typeof given.value === 'function' ? 'is set' : `is ${JSON.stringify(given.value)}`
  const fix = given.from.startsWith('LATCHKEY_')
    ? `export ${given.from}=${leaf.example}`
    : `${given.from.split(' ')[0]?.split('.').at(-1)}: ${leaf.codeOnly ? leaf.expected : `'${leaf.example}'`}`
  throw new Mistake(`${given.from} ${shown}, but must be ${leaf.expected}`, fix)
}

function namesBelow(source: Source, path: string): string[] {
  return [...source.keys()]
    .filter((key) => key.startsWith(`${path}.`))
    .map((key) => key.slice(path.length + 1).split('.')[0] as string)
}

function namesUnder(set: readonly [string, string][], prefix: string): Set<string> {
  const names = set.filter(([variable]) => variable.startsWith(prefix))
  return new Set(names.map(([variable]) => variable.slice(prefix.length).split('__')[0] as string).filter(Boolean))
}

/** `nextUri` is `NEXT_URI`. */
function toVariable(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase()
}

/** `COMPANY_NAME` is `companyName`. */
function toName(variable: string): string {
  return variable.toLowerCase().replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
}
