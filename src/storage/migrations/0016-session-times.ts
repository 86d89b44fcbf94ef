import type { Migration } from './words.ts'

/** Lets a session end earlier than its policy says, and when it is not used. */
export const sessionTimes: Migration = {
  name: '0016-session-times',
  statements: (w) => [
    `alter table sessions add column ends_at ${w.integer}`,
    `alter table sessions add column idle_ttl ${w.integer}`,
  ],
}
