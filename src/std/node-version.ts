import { Mistake } from './mistake.ts'

/** The oldest Node that has what we stand on: `engines` in package.json says the same. */
export const oldestNode = '24.15'

/** Why this Node cannot run us, with the way out; undefined when it can. */
export function tooOldNode(version = process.versions.node): Mistake | undefined {
  if (version.localeCompare(oldestNode, 'en', { numeric: true }) >= 0) return undefined
  return new Mistake(`latchkey needs Node ${oldestNode}, and this is ${version}`, 'install Node 24')
}

/** To be asked before anything is loaded that an older Node does not have. @throws Mistake */
export function requireNode(): void {
  const mistake = tooOldNode()
  if (mistake) throw mistake
}
