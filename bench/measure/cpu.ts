import { readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever the hardware (`getconf CLK_TCK`). */
const TICK_MS = 10

/** CPU milliseconds that all threads of a process have used so far; NaN where the system does not tell. */
export function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; user and system time are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return Number.NaN
  }
}

/** Resident memory of a process in MB (10^6 bytes); NaN where the system does not tell. */
export function residentOf(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return (Number(found?.[1]) * 1024) / 1e6
  } catch {
    return Number.NaN
  }
}
