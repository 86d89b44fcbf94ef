import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repository } from '../support/mutant.ts'

export interface Snippet {
  /** `js`, `sh`, … */
  language: string
  /** What stands after the language: `run`, `file=app.mjs`. */
  info: string
  text: string
  /** `docs/testing.md:12` */
  place: string
}

/** The code blocks of a document. */
export async function snippetsOf(path: string): Promise<Snippet[]> {
  const document = await readFile(join(repository, path), 'utf8')
  return [...document.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', info = '', text = ''] = match
    return { language, info, text, place: `${path}:${document.slice(0, match.index).split('\n').length}` }
  })
}
