import { parentPort, workerData } from 'node:worker_threads'
import { connect } from './open.ts'

/** `passive` copies what it can while others write; `restart` the rest, and the log begins anew if nobody reads it. */
export type CheckpointMode = 'passive' | 'restart'

const { file, volatile } = workerData as { file: string; volatile: boolean }
const database = connect(file, { role: 'writer', volatile, timeout: 100 })

parentPort?.on('message', (mode: CheckpointMode) => {
  try {
    database.prepare(`pragma wal_checkpoint(${mode})`).get()
    parentPort?.postMessage({})
  } catch (error) {
    parentPort?.postMessage({ error: String(error) })
  }
})
