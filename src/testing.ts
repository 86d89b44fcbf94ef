import './testing/refuse-production.ts'

export type { CapturedMail } from './mail/inbox.ts'
export type { TestClock } from './testing/clock.ts'
export { createTestKit, type TestKit, type TestKitOptions, type TestMail, type TestUser } from './testing/kit.ts'
