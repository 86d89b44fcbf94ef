import { toMany } from '../schema/link.ts'

/** The templates of one kind in the directory whose id a policy shares (contract/rest.md 6.8, 6.9). */
export const templates = <const K extends string>(kind: K, description: string) =>
  toMany('emailTemplate', { by: 'directory', where: { kind } }, { description })
