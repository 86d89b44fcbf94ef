/** What the process answers when it cannot go on, in the words of sysexits (BSD). */
export const exitCodes = {
  runtime: 1,
  usage: 64,
  data: 65,
  unavailable: 69,
  io: 74,
  permission: 77,
  configuration: 78,
} as const

export type ExitReason = keyof typeof exitCodes

/** Why nothing can start or go on until someone puts something right: said once, with the way out. */
export class Mistake extends Error {
  readonly reason: ExitReason
  /** The command or line that puts it right. */
  readonly fix: string

  constructor(message: string, fix: string, reason: ExitReason = 'configuration') {
    super(message)
    this.name = 'Mistake'
    this.reason = reason
    this.fix = fix
  }

  get exitCode(): number {
    return exitCodes[this.reason]
  }
}
