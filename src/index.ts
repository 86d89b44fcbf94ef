export type { PasswordOwner, PasswordRule } from './core/policies/new-password.ts'
export { type App, type AppOptions, createApp, type FirstStartNews } from './server/app.ts'
export { Mistake } from './server/mistake.ts'
export type { Options } from './server/options.ts'
