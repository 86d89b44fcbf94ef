import { expect, it } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { describePositions, password } from './positions.ts'

const draft = (name: string) => ({ email: `${name}@example.com`, password })
const lastOf = (href: string) => href.slice(href.lastIndexOf('/') + 1)

describePositions('Mailed links', (client) => {
  it('REST-M6 REST-M7 REST-M8 replace a forgotten password', async () => {
    const { application } = await world(client(), 'resets')
    const account = await application.accounts.create(draft('forgetful'))
    const made = await application.passwordResetTokens.create({ email: account.email })
    expect(made).toMatchObject({ email: account.email, account: { href: account.href } })
    const token = lastOf(made.href)
    expect((await application.passwordResetTokens.get(token)).email).toBe(account.email)
    const redeemed = await application.passwordResetTokens.redeem(token, { password: 'Walnut-Harbour-2983' })
    expect(redeemed.href).toBe(account.href)
    expect((await redeemed.get()).emailVerificationStatus).toBe('VERIFIED')
    await expect(application.passwordResetTokens.get(token)).rejects.toMatchObject({ status: 404 })
    const unknown = application.passwordResetTokens.create({ email: 'nobody@example.com' })
    await expect(unknown).rejects.toMatchObject({ code: 2016 })
  })

  it('REST-M2 REST-M5 verify an address, and are sent anew', async () => {
    const { application, directory } = await world(client(), 'verification')
    const policy = await directory.accountCreationPolicy.get()
    await policy.update({ verificationEmailStatus: 'ENABLED' })
    const account = await application.accounts.create(draft('newcomer'))
    expect(account.status).toBe('UNVERIFIED')
    expect(await application.verificationEmails.send({ login: account.email })).toBeUndefined()
    const { emailVerificationToken } = await account.refresh()
    const verified = await client().emailVerificationTokens.redeem(lastOf(emailVerificationToken?.href ?? ''))
    expect(verified.href).toBe(account.href)
    expect((await verified.get()).status).toBe('ENABLED')
    await expect(client().emailVerificationTokens.redeem('nonsense')).rejects.toMatchObject({ status: 404 })
  })

  it('WEB-W66 a registration tells nobody who has an account, where addresses are verified', async () => {
    const { application, directory } = await world(client(), 'registration')
    const known = await application.register(draft('first'))
    expect(known?.email).toBe('first@example.com')
    await expect(application.register(draft('first'))).rejects.toMatchObject({ code: 2001 })
    await (await directory.accountCreationPolicy.get()).update({ verificationEmailStatus: 'ENABLED' })
    expect(await application.register(draft('first'))).toBeUndefined()
    expect((await application.register(draft('second')))?.status).toBe('UNVERIFIED')
  })
})

async function world(client: Client, name: string) {
  const directory = await client.directories.create({ name: `Directory for ${name}` })
  const application = await client.applications.create({ name: `Application for ${name}` })
  await client.accountStoreMappings.create({ application, accountStore: directory, isDefaultAccountStore: true })
  return { directory, application }
}
