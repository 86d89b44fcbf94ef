/**
 * The test command: `npm test [-- filters and vitest options]`. Provides PostgreSQL and Chromium, runs vitest, and ends with one
 * line of counts.
 */
import type { Reporter, TestModule } from 'vitest/node'
import { parseCLI, startVitest } from 'vitest/node'
import { provideChromium } from './support/chromium.ts'
import { postgresBinaries } from './support/postgres-binaries.ts'

const counts = { passed: 0, failed: 0, skipped: 0 }

const counting: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    for (const module of modules) count(module)
    counts.failed += unhandledErrors.length
  },
}

function count(module: TestModule): void {
  const failedBefore = counts.failed
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    counts[state === 'pending' ? 'skipped' : state]++
  }
  // a file or a hook that broke outside of any test
  if (!module.ok() && counts.failed === failedBefore) counts.failed++
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 15)) return
  console.error(`Node ${process.versions.node} is too old: npm test runs the repository's own, after npm ci`)
  process.exit(1)
}

requireNode()
await postgresBinaries()
await provideChromium()
const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest('test', filter, { ...options, reporters: ['default', counting] })
await vitest.close()
if (counts.failed > 0) process.exitCode = 1
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`)
