#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'

// Before anything wakes the thread pool: passwords are hashed on it, one a core, and files and names need room besides.
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4)

// Node's default place is a folder that all users share, and what is read from there is run.
const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
enableCompileCache(process.env.NODE_COMPILE_CACHE || join(caches, 'latchkey'))

const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))
