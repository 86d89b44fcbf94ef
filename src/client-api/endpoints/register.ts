import type { Entity } from '../../resources/registry.ts'
import { registry } from '../../resources/registry.ts'
import { parseBody } from '../../schema/parse.ts'
import { Problem, refuse } from '../../schema/problems.ts'
import type { LightResponse } from '../../std/exchange.ts'
import { inSteps } from '../../std/in-steps.ts'
import { type ClientCall, readJson, replyJson } from '../call.ts'
import { toShown } from '../shown.ts'

/** What people may say of themselves. */
const MEMBERS = ['username', 'email', 'password', 'givenName', 'middleName', 'surname', 'customData']

/**
 * POST `/register` (contract/rest.md 21.3). Where addresses are verified, and the preset keeps who has an account to
 * itself, the answer says nothing but what was sent: an address that has an account is answered like a new one, and its
 * owner is mailed.
 */
export async function register(call: ClientCall): Promise<LightResponse> {
  const { engine, api, context } = call
  const members = readJson(call)
  const unknown = Object.keys(members).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined) refuse('unknownProperty', { property: printable(unknown), resource: 'account' })
  const { values, customData } = parseBody(registry.account, members, 'create', {
    toRef: engine.services.hrefs.parseHref,
    declarationOf: (name) => registry[name as keyof typeof registry],
  })
  const draft = {
    values: values as Partial<Entity<'account'>>,
    via: { resource: 'application', id: api.application.id } as const,
    options: { ...(api.existing && { existing: api.existing }) },
    ...(customData && { customData }),
  }
  if (!api.existing || !api.verifies) {
    const account = await engine.create(context, 'account', draft)
    return replyJson(call, { account: toShown(engine.services.hrefs, 'account', account) })
  }
  await inSteps(async () => {
    try {
      await engine.create(context, 'account', draft)
    } catch (error) {
      if (!Problem.is(error, 'ownerNotified')) throw error
    }
  })
  return replyJson(call, { account: sent(draft.values) })
}

/** A new account as its owner described it. */
function sent({ username, email, givenName, middleName, surname }: Partial<Entity<'account'>>): object {
  const names = [givenName, middleName, surname].filter((name) => name !== undefined && name !== null)
  return {
    username: username ?? email,
    email,
    givenName: givenName ?? null,
    middleName: middleName ?? null,
    surname: surname ?? null,
    fullName: names.length === 0 ? null : names.join(' '),
    status: 'UNVERIFIED',
    emailVerificationStatus: 'UNVERIFIED',
  }
}

const printable = (name: string): string => name.slice(0, 100).replaceAll('\0', '\ufffd').toWellFormed()
