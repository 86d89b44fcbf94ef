import './testing/refuse-production.ts'

export type { TestClock } from './testing/clock.ts'
export { createTestKit, type TestKit, type TestKitOptions, type TestUser } from './testing/kit.ts'
