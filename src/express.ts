import { createLatchkey, type OptionsWith } from './frameworks/express.ts'

export type { ExpressAuth, ExpressGuard, Guarded } from './frameworks/express.ts'
export type { Auth } from './web/auth.ts'
export type { GuardOptions } from './web/guard-options.ts'
export type { HookContext, Hooks } from './web/hooks.ts'
export { message } from './web/pages/messages/message.ts'
export type { PageOf, PageView } from './web/pages/model.ts'
export { reject } from './web/rejection.ts'
export type { User, UserChanges, UserGroup, UserTypes } from './web/user.ts'

type ServiceOptions = import('./server/app.ts').AppOptions

/** Everything that `latchkey()` can be told; without `url` and `engine`, settings of the service in this process too. */
export type ExpressOptions = OptionsWith<ServiceOptions>

/**
 * Gives an Express app its users: pages, routes, sessions and guards. Without settings the users live in this process,
 * in `./.latchkey`; with `url` and an API key they live in a service that other apps share.
 *
 * @throws Mistake when a setting is wrong; its `fix` says what puts it right
 * @example
 * const app = express()
 * const auth = latchkey()
 * app.use(auth)
 * app.get('/dashboard', auth.loginRequired(), (req, res) => res.json({ hello: req.user.email }))
 * app.listen(3000)
 */
export const latchkey = createLatchkey<ServiceOptions>(async (settings) => {
  const { createAppInside } = await import('./server/app.ts')
  return createAppInside(settings)
})
