#!/usr/bin/env node
import module from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { tooOldNode } from '../std/node-version.ts'

const { env } = process

// Before anything wakes the thread pool: passwords are hashed on it, one a core, and files and names need room besides.
env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)

// Not Node's default place, a folder that all users share: what is read from there is run.
const cache = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (env.HOME && join(env.HOME, '.cache'))
if (cache && !env.NODE_COMPILE_CACHE) {
  // In the environment too, where worker threads look.
  env.NODE_COMPILE_CACHE = join(cache, 'latchkey')
  // Not imported by name: an older Node, which has none, shall get as far as being told.
  module.enableCompileCache?.(env.NODE_COMPILE_CACHE)
}

const tooOld = tooOldNode()
if (tooOld) {
  process.stderr.write(`error: ${tooOld.message}\n  fix: ${tooOld.fix}\n`)
  process.exitCode = tooOld.exitCode
} else {
  const { run } = await import('./program.ts')
  process.exitCode = await run(process.argv.slice(2))
}
