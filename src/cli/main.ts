#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const { env } = process

// Before anything wakes the thread pool: passwords are hashed on it, one a core, and files and names need room besides.
env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)

// Not Node's default place, a folder that all users share: what is read from there is run.
const cache = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (env.HOME && join(env.HOME, '.cache'))
if (cache && !env.NODE_COMPILE_CACHE) {
  // In the environment too, where worker threads look.
  env.NODE_COMPILE_CACHE = join(cache, 'latchkey')
  enableCompileCache(env.NODE_COMPILE_CACHE)
}

const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))
