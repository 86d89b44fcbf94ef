/** What an examination found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  check: string
  /** `warning`: it works, and should be put right. */
  level: 'ok' | 'warning' | 'error'
  message: string
  /** What puts it right, where something does. */
  fix?: string
}

export const ok = (check: string, message: string): Finding => ({ check, level: 'ok', message })
export const warning = (check: string, message: string, fix?: string): Finding => ({
  check,
  level: 'warning',
  message,
  ...(fix !== undefined && { fix }),
})
export const error = (check: string, message: string, fix?: string): Finding => ({
  check,
  level: 'error',
  message,
  ...(fix !== undefined && { fix }),
})
