import { defaultAccountStore, orderedStores } from '../../core/account-stores.ts'
import { fieldsOf } from '../../core/policies/account-schema.ts'
import { Problem } from '../../schema/problems.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { type ClientCall, replyJson } from '../call.ts'

/** One input of a form. */
const field = (name: string, label: string, type: string, required: boolean) => ({
  name,
  label,
  placeholder: label,
  required,
  type,
})

/** GET `/login` (contract/rest.md 21.4). */
export async function loginView(call: ClientCall): Promise<LightResponse> {
  const fields = [field('login', 'Username or Email', 'text', true), field('password', 'Password', 'password', true)]
  return replyJson(call, { form: { fields }, accountStores: await accountStores(call) })
}

/** GET `/register`: names are required as the schema of the default account store says. */
export async function registerView(call: ClientCall): Promise<LightResponse> {
  const required = await requiredNames(call)
  const fields = [
    field('givenName', 'First Name', 'text', required.has('givenName')),
    field('surname', 'Last Name', 'text', required.has('surname')),
    field('email', 'Email', 'email', true),
    field('password', 'Password', 'password', true),
  ]
  return replyJson(call, { form: { fields }, accountStores: await accountStores(call) })
}

async function requiredNames({ engine, api, context }: ClientCall): Promise<Set<string>> {
  const { store } = engine.services
  const owner = { resource: 'application', id: api.application.id } as const
  const place = await defaultAccountStore(store, owner, context.tenant).catch((error: unknown) => {
    if (Problem.is(error)) return undefined
    throw error
  })
  const fields = place ? await fieldsOf(store, place.directory, context.tenant) : []
  return new Set(fields.filter(({ required }) => required).map(({ name }) => name))
}

/** The stores whose accounts log in elsewhere, each directory once, in log-in order. */
async function accountStores({ engine, api, context }: ClientCall): Promise<object[]> {
  const { store, hrefs } = engine.services
  const stores = await orderedStores(store, api.application.id, context.tenant)
  const directories = new Set(stores.filter(({ store }) => store.resource === 'directory').map(({ store }) => store.id))
  const shown: object[] = []
  for (const id of directories) {
    const directory = await engine.read(context, 'directory', id)
    const provider = (await engine.read(context, 'provider', id)) as Readonly<Record<string, unknown>> | undefined
    if (directory?.status !== 'ENABLED' || !provider || provider.providerId === 'stormpath') continue
    const { providerId, clientId, scope } = provider
    const href = hrefs.toHref('directory', id)
    shown.push({
      href,
      name: directory.name,
      provider: {
        href: `${href}/provider`,
        providerId,
        ...(typeof clientId === 'string' && { clientId }),
        ...(Array.isArray(scope) && { scope: scope.join(' ') }),
      },
    })
  }
  return shown
}
