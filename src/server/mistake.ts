export { toFileMistake } from '../std/file-mistake.ts'
export { exitCodes, Mistake } from '../std/mistake.ts'
