import { examine, type Finding } from '../../server/doctor.ts'
import { Mistake } from '../../server/mistake.ts'
import { paint, print } from '../print.ts'
import { type Flags, readSettings } from '../settings.ts'

/** `latchkey doctor`: what is found, a line each; ends with 65 where something is wrong. */
export async function doctor(flags: Flags): Promise<void> {
  const findings = await examine(await readSettings(flags))
  if (flags.json) print(JSON.stringify(findings))
  else tell(findings)
  const { length } = findings.filter(({ level }) => level === 'error')
  if (length > 0) throw new Mistake(`${length} thing(s) are wrong with the database`, 'what stands above', 'data')
}

const marks = { ok: ['green', 'ok'], warning: ['yellow', 'warning'], error: ['red', 'error'] } as const

/** Findings as aligned lines, each with what puts it right. */
export function tell(findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ check }) => check.length))
  for (const { check, level, message, fix } of findings) {
    const [color, word] = marks[level]
    print(`${paint(color, word.padEnd(7))}  ${check.padEnd(width)}  ${message}`)
    if (fix) print(`${' '.repeat(11 + width)}${paint('green', 'fix:')} ${fix}`)
  }
}
