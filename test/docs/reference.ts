import { environmentName, flagName, optionNames, options as service } from '../../src/server/options.ts'
import { type Branch, isDictionary, isLeaf, type Leaf } from '../../src/web/options/language.ts'
import { options as app } from '../../src/web/options/options.ts'

/** The tables of docs/configuration.md, out of the tables that the program reads. `node test/docs/reference.ts` prints them. */
export function reference(): string {
  return `### The application's side\n\n${appTable()}\n\n### The service\n\n${serviceTable()}`
}

function appTable(): string {
  const rows = [...leaves(app, [])].map(({ path, leaf }) => {
    const variable = leaf.codeOnly ? 'code only' : `\`${leaf.environment ?? variableOf(path)}\``
    return `| \`${path.join('.')}\` | ${cell(leaf.expected)} | ${variable} |`
  })
  return ['| Setting | Value | Environment |', '|---|---|---|', ...rows].join('\n')
}

function serviceTable(): string {
  const rows = optionNames.map((name) => {
    const flag = flagName(name)
    return `| \`${name}\` | ${cell(service[name].description)} | \`${environmentName(name)}\` | ${flag ? `\`${flag}\`` : ''} |`
  })
  return ['| Setting | What, and the default | Environment | Flag |', '|---|---|---|---|', ...rows].join('\n')
}

function* leaves(branch: Branch, path: readonly string[]): Generator<{ path: readonly string[]; leaf: Leaf }> {
  for (const [name, node] of Object.entries(branch)) {
    const here = [...path, name]
    if (isDictionary(node)) yield* leaves(node.each, [...here, '<name>'])
    else if (isLeaf(node)) yield { path: here, leaf: node }
    else yield* leaves(node, here)
  }
}

function variableOf(path: readonly string[]): string {
  const words = path.map((name) =>
    name === '<name>' ? name.toUpperCase() : name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase(),
  )
  return `LATCHKEY_${words.join('__')}`
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

if (import.meta.main) process.stdout.write(`${reference()}\n`)
