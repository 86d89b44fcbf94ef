/** The mailed links of npm's stormpath@0.20.1, unmodified, against a service of its own with the historical preset. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningService, readKey, startService } from '../support/service.ts'
import { call, openClient, type Sdk } from './stormpath.ts'

const PASSWORD = 'Copper-Kettle-4471'
const NEW_PASSWORD = 'Walnut-Harbour-2983'

let service: RunningService
let client: Sdk
let serial = 0

beforeAll(async () => {
  service = await startService({ args: ['--preset', 'stormpath'] })
  client = await openClient(`${service.url}/v1`, await readKey(join(service.data, 'apiKey.properties')))
})

afterAll(async () => {
  await service?.kill()
})

describe('The SDK for Node', () => {
  test('REST-M6 REST-M7 REST-M8 sends a reset mail, looks at the token of its link, and resets the password', async () => {
    const { application, account } = await world()
    const asked = await call(application, 'sendPasswordResetEmail', account.email)
    expect(asked.email).toBe(account.email)
    const token = await tokenTo(account.email)
    expect(asked.href.endsWith(`/${token}`)).toBe(true)
    const looked = await call(application, 'verifyPasswordResetToken', token)
    expect(looked.account.href).toBe(account.href)
    const reset = await call(application, 'resetPassword', token, NEW_PASSWORD)
    expect(reset.account.href).toBe(account.href)
    await call(application, 'authenticateAccount', { username: account.email, password: NEW_PASSWORD })
    const again = call(application, 'resetPassword', token, PASSWORD)
    await expect(again).rejects.toMatchObject({ status: 404, code: 404 })
    expect((await mailTo(account.email)).subject).toBe('Your password has been changed')
  })

  test('REST-M6 TRAP-T16 is told that nobody has the address, and that a token is worth nothing', async () => {
    const { application } = await world()
    const unknown = call(application, 'sendPasswordResetEmail', 'nobody@example.com')
    await expect(unknown).rejects.toMatchObject({ status: 400, code: 2016 })
    const nonsense = call(application, 'verifyPasswordResetToken', 'nonsense')
    await expect(nonsense).rejects.toMatchObject({ status: 404 })
  })

  test('REST-M10 sends a reset mail within an account store', async () => {
    const { application, directory, account } = await world()
    const asked = await call(application, 'sendPasswordResetEmail', {
      email: account.email,
      accountStore: { href: directory.href },
    })
    expect(asked.account.href).toBe(account.href)
  })

  test('REST-M1 REST-M2 REST-M5 verifies an account by the link of its mail, sent anew', async () => {
    const { application, directory } = await world()
    const policy = await call(directory, 'getAccountCreationPolicy')
    policy.verificationEmailStatus = 'ENABLED'
    await call(policy, 'save')
    const account = await call(application, 'createAccount', person())
    expect(account.status).toBe('UNVERIFIED')
    const first = await tokenTo(account.email)
    expect(account.emailVerificationToken.href.endsWith(`/${first}`)).toBe(true)
    await call(application, 'resendVerificationEmail', { login: account.email })
    const token = await tokenTo(account.email)
    expect(token).not.toBe(first)
    const tenant = await call(client, 'getCurrentTenant')
    const verified = await call(tenant, 'verifyAccountEmail', token)
    expect(verified.href).toBe(account.href)
    await call(application, 'authenticateAccount', { username: account.email, password: PASSWORD })
    await expect(call(tenant, 'verifyAccountEmail', token)).rejects.toMatchObject({ status: 404 })
  })

  const person = () => {
    const name = `reader-${++serial}`
    return { givenName: 'Ada', surname: 'Lovelace', email: `${name}@example.com`, password: PASSWORD }
  }

  async function world(): Promise<{ application: Sdk; directory: Sdk; account: Sdk }> {
    const name = `Application ${++serial}`
    const application = await call(client, 'createApplication', { name }, { createDirectory: true })
    const mapping = await call(application, 'getDefaultAccountStore', { expand: 'accountStore' })
    const directory = await call(client, 'getDirectory', mapping.accountStore.href)
    return { application, directory, account: await call(application, 'createAccount', person()) }
  }

  async function mailTo(to: string): Promise<{ subject: string; links: string[] }> {
    const answer = await fetch(`${service.url}/__dev/mail/latest.json?to=${encodeURIComponent(to)}`)
    expect(answer.status).toBe(200)
    return (await answer.json()) as { subject: string; links: string[] }
  }

  const tokenTo = async (to: string) => new URL((await mailTo(to)).links[0] ?? '').searchParams.get('sptoken') as string
})
