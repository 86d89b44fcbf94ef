import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

export interface Bucket {
  name: string
  /** Of the time that was not idle. */
  share: number
}

/** Shares of self time by what `bucketOf` calls a function, largest first, from the profiles Node left in a folder. */
export function selfTime(folder: string, bucketOf: (name: string, url: string) => string): Bucket[] {
  const times = new Map<string, number>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
    for (const [at, id] of samples.entries()) {
      const frame = frames.get(id)
      if (!frame || /^\((idle|program|root)\)$/.test(frame.functionName)) continue
      const bucket = bucketOf(frame.functionName, frame.url)
      times.set(bucket, (times.get(bucket) ?? 0) + (timeDeltas[at] ?? 0))
    }
  }
  const total = times.values().reduce((sum, time) => sum + time, 0)
  return [...times].map(([name, time]) => ({ name, share: time / total })).sort((a, b) => b.share - a.share)
}

/** The part of the house or of the runtime that a function belongs to. */
export function partOf(name: string, url: string): string {
  if (name === '(garbage collector)') return 'garbage collection'
  const own = /\/(?:src|dist)\/((?:[\w-]+\/)*[\w-]+)\.[jt]s$/.exec(url)?.[1]
  if (own) return own
  const module = /\/node_modules\/((?:@[\w-]+\/)?[\w-]+)\//.exec(url)?.[1]
  if (module) return module
  if (url.startsWith('node:')) return url
  return `native ${name || '(anonymous)'}`
}
