import { type ExitReason, Mistake } from './mistake.ts'

/** A mistake out of what the file system said, or the error itself when nobody but us can help it. */
export function toFileMistake(error: unknown, what: string, path: string, fix: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  const reason = code === undefined ? undefined : fileReasons[code]
  return reason ? new Mistake(`${what} ${path}: ${reason.text}`, fix, reason.exit) : error
}

const fileReasons: Record<string, { text: string; exit: ExitReason }> = {
  EACCES: { text: 'permission denied', exit: 'permission' },
  EPERM: { text: 'permission denied', exit: 'permission' },
  EROFS: { text: 'the file system is read-only', exit: 'permission' },
  ENOENT: { text: 'no such file or folder', exit: 'configuration' },
  ENOTDIR: { text: 'part of the path is a file, not a folder', exit: 'configuration' },
  EISDIR: { text: 'is a folder, not a file', exit: 'configuration' },
  EEXIST: { text: 'is a file, not a folder', exit: 'configuration' },
  ENOSPC: { text: 'no space left on the disk', exit: 'io' },
  EDQUOT: { text: 'the disk quota is used up', exit: 'io' },
  EIO: { text: 'the disk reports an error', exit: 'io' },
}
