import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeConformance, expectError, expectNotFound, hrefsOf, type Json, link } from './harness.ts'

/** 16 bytes, URL-safe, with both characters in which the alphabets differ. */
const SALT = Buffer.from('fbff3e00112233445566778899aabbcc', 'hex').toString('base64url')

interface Encryption {
  size?: number
  iterations?: number
  salt?: string
}

const queryOf = ({ size, iterations, salt = SALT }: Encryption) =>
  new URLSearchParams({
    encryptSecret: 'true',
    encryptionKeySalt: salt,
    ...(size ? { encryptionKeySize: String(size) } : {}),
    ...(iterations ? { encryptionKeyIterations: String(iterations) } : {}),
  }).toString()

/** contract/rest.md 12: PBKDF2 over the requesting key's secret, 16 bytes of IV before the AES-CBC text. */
function decrypt(
  encrypted: string,
  password: string,
  { size = 128, iterations = 1024, salt = SALT }: Encryption,
): string {
  const bytes = Buffer.from(encrypted, 'base64')
  const key = pbkdf2Sync(password, Buffer.from(salt, 'base64url'), iterations, size / 8, 'sha1')
  const decipher = createDecipheriv(`aes-${size}-cbc`, key, bytes.subarray(0, 16))
  return decipher.update(bytes.subarray(16), undefined, 'utf8') + decipher.final('utf8')
}

describeConformance('API keys', (service) => {
  test('REST-O1 a key is created without a body', async () => {
    const account = await newAccount()
    const key = await service().create(account.apiKeys.href)
    expect(key).toMatchObject({
      status: 'ENABLED',
      name: null,
      description: null,
      account: link(account),
      tenant: link(service().tenant),
    })
    expect(key.href).toBe(`${service().baseUrl}/apiKeys/${key.id}`)
    expect(key.id).toMatch(/^[0-9A-Z]{25,26}$/)
    expect(key.secret).toMatch(/^[\w-]{32,}$/)
  })

  test('REST-O1 a key is created with name and description', async () => {
    const values = { name: 'backup', description: 'for the nightly job' }
    expect(await service().newApiKey(await newAccount(), values)).toMatchObject(values)
  })

  test('REST-O1 id and secret are not chosen by the client', async () => {
    const key = await service().newApiKey(await newAccount(), { id: 'MINE', secret: 'mine', name: 'x' })
    expect(key.id).not.toBe('MINE')
    expect(key.secret).not.toBe('mine')
  })

  test('REST-O1 no two keys are alike', async () => {
    const account = await newAccount()
    const [one, other] = [await service().newApiKey(account), await service().newApiKey(account)]
    expect(one.id).not.toBe(other.id)
    expect(one.secret).not.toBe(other.secret)
  })

  test('REST-O2 a key is read with its secret, and listed', async () => {
    const account = await newAccount()
    const keys: Json[] = [await service().newApiKey(account), await service().newApiKey(account)]
    expect(await service().read(keys[0].href)).toEqual(keys[0])
    const { size, items } = await service().read(account.apiKeys.href)
    expect(size).toBe(2)
    expect(items).toEqual(expect.arrayContaining(keys))
  })

  test('REST-O2 a key is renamed, disabled and enabled', async () => {
    const key = await service().newApiKey(await newAccount())
    const values = { name: 'renamed', description: 'words', status: 'disabled' }
    expect(await service().update(key.href, values)).toMatchObject({
      ...values,
      status: 'DISABLED',
      secret: key.secret,
    })
    expect((await service().update(key.href, { status: 'ENABLED' })).status).toBe('ENABLED')
  })

  test('REST-O2 the secret does not change by a save', async () => {
    const key = await service().newApiKey(await newAccount())
    const after = await service().update(key.href, { ...key, secret: 'mine', name: 'saved' })
    expect(after).toMatchObject({ secret: key.secret, name: 'saved' })
  })

  test('REST-O2 a key is deleted', async () => {
    const account = await newAccount()
    const key = await service().newApiKey(account)
    await service().remove(key.href)
    expectNotFound(await service().get(key.href))
    expect((await service().read(account.apiKeys.href)).size).toBe(0)
  })

  test('REST-O3 account and tenant are expanded', async () => {
    const account = await newAccount()
    const { href } = await service().newApiKey(account)
    const key = await service().read(`${href}?expand=account,tenant`)
    expect(key.account).toEqual(account)
    expect(key.tenant).toEqual(service().tenant)
    const { items } = await service().read(`${account.apiKeys.href}?expand=account`)
    expect(items[0].account).toEqual(account)
  })

  test.each([128, 192, 256])(
    'REST-O4 TRAP-T9 a secret is encrypted with %i bits on creation, reading, listing and change',
    async (size) => {
      const { application, account } = await withApplication()
      const query = queryOf({ size, iterations: 500 })
      const created = await service().create(`${account.apiKeys.href}?${query}`, { name: 'x' })
      const { secret } = await service().read(created.href)
      const encrypted = [
        created.secret,
        (await service().read(`${created.href}?${query}`)).secret,
        (await service().read(`${account.apiKeys.href}?${query}`)).items[0].secret,
        (await service().update(`${created.href}?${query}`, { name: 'y' })).secret,
        (await service().read(`${application.apiKeys.href}?id=${created.id}&${query}`)).items[0].secret,
      ]
      for (const text of encrypted) {
        expect(text).not.toContain(secret)
        expect(decrypt(text, service().key.secret, { size, iterations: 500 })).toBe(secret)
      }
      expect(new Set(encrypted).size).toBe(encrypted.length)
    },
  )

  test('REST-O4 size and iterations default to 128 and 1024', async () => {
    const key = await service().newApiKey(await newAccount())
    const { secret } = await service().read(`${key.href}?${queryOf({})}`)
    expect(decrypt(secret, service().key.secret, {})).toBe(key.secret)
  })

  test('REST-O4 TRAP-T9 the password is the secret of the key that makes the request', async () => {
    const administrators = (await service().read('/directories?name=Stormpath%20Administrators')).items[0]
    const second = await service().newApiKey(await service().newAccount(administrators))
    const key = await service().newApiKey(await newAccount())
    const { secret } = await service()
      .as(second)
      .read(`${key.href}?${queryOf({})}`)
    expect(decrypt(secret, second.secret, {})).toBe(key.secret)
  })

  test('REST-O4 TRAP-T9 a salt that is base64 text of base64 text is decoded once', async () => {
    // as the SDK for Node makes it
    const once = Buffer.from('0123456789abcdef').toString('base64')
    const salt = Buffer.from(once).toString('base64url')
    const key = await service().newApiKey(await newAccount())
    const { secret } = await service().read(`${key.href}?${queryOf({ size: 256, salt })}`)
    expect(decrypt(secret, service().key.secret, { size: 256, salt })).toBe(key.secret)
  })

  test('REST-O4 a salt is read with or without padding and in both alphabets', async () => {
    const key = await service().newApiKey(await newAccount())
    const bytes = Buffer.from(SALT, 'base64url')
    for (const salt of [bytes.toString('base64'), bytes.toString('base64url'), `${bytes.toString('base64url')}==`]) {
      const { secret } = await service().read(`${key.href}?${queryOf({ salt })}`)
      expect(decrypt(secret, service().key.secret, {})).toBe(key.secret)
    }
  })

  test('REST-O4 encryptSecret=false leaves the secret in clear', async () => {
    const key = await service().newApiKey(await newAccount())
    expect((await service().read(`${key.href}?encryptSecret=false&encryptionKeySize=256`)).secret).toBe(key.secret)
  })

  test.each([
    'encryptSecret=true',
    `encryptSecret=true&encryptionKeySalt=${SALT}&encryptionKeySize=64`,
    `encryptSecret=true&encryptionKeySalt=${SALT}&encryptionKeySize=x`,
    `encryptSecret=true&encryptionKeySalt=${SALT}&encryptionKeyIterations=0`,
    `encryptSecret=true&encryptionKeySalt=${SALT}&encryptionKeyIterations=65537`,
    `encryptSecret=true&encryptionKeySalt=${SALT}&encryptionKeyIterations=-1`,
    'encryptSecret=true&encryptionKeySalt=',
    `encryptSecret=maybe&encryptionKeySalt=${SALT}`,
  ])('REST-O4 the parameters %s are refused', async (query) => {
    const key = await service().newApiKey(await newAccount())
    const answer = await service().get(`${key.href}?${query}`)
    expectError(answer, 400, answer.body.code)
    expect(answer.text).not.toContain(key.secret)
  })

  test('REST-O4 the largest number of iterations works', async () => {
    const key = await service().newApiKey(await newAccount())
    const encryption = { size: 128, iterations: 65_536 }
    const { secret } = await service().read(`${key.href}?${queryOf(encryption)}`)
    expect(decrypt(secret, service().key.secret, encryption)).toBe(key.secret)
  })

  test('REST-O5 an application shows the keys of accounts that can log in to it, and no others', async () => {
    const { application, account } = await withApplication()
    const key = await service().newApiKey(account)
    const foreign = await service().newApiKey(await newAccount())
    const found = async (id: string) => hrefsOf(await service().read(`${application.apiKeys.href}?id=${id}`))
    expect(await found(key.id)).toEqual([key.href])
    expect(await found(foreign.id)).toEqual([])
  })

  test('REST-O5 membership of a mapped group counts, and so does an organization', async () => {
    const application = await service().newApplication()
    const directory = await service().newDirectory()
    const group = await service().newGroup(directory)
    await service().newMapping(application, group)
    const member = await service().newAccount(directory)
    const membership = await service().newMembership(member, group)
    const outsider = await service().newApiKey(await service().newAccount(directory))
    const key = await service().newApiKey(member)
    const found = async (id: string) => (await service().read(`${application.apiKeys.href}?id=${id}`)).size
    expect([await found(key.id), await found(outsider.id)]).toEqual([1, 0])
    await service().remove(membership.href)
    expect(await found(key.id)).toBe(0)
    const organization = await service().newOrganization()
    await service().newOrganizationMapping(organization, directory)
    await service().newMapping(application, organization)
    expect([await found(key.id), await found(outsider.id)]).toEqual([1, 1])
  })

  test('REST-O5 the status of key and account is not filtered', async () => {
    const { application, account } = await withApplication()
    const key = await service().newApiKey(account)
    await service().update(key.href, { status: 'DISABLED' })
    await service().update(account.href, { status: 'DISABLED' })
    const { items } = await service().read(`${application.apiKeys.href}?id=${key.id}&expand=account`)
    expect(items[0]).toMatchObject({ status: 'DISABLED', account: { status: 'DISABLED' } })
  })

  const newAccount = async (): Promise<Json> => service().newAccount(await service().newDirectory())

  async function withApplication() {
    const { application, directory } = await service().newApplicationWithDirectory()
    return { application, account: await service().newAccount(directory) }
  }
})
