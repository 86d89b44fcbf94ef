import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ExpressOptions } from '../../express.ts'
import { Mistake } from '../../std/mistake.ts'
import { resolveSettings } from './settings.ts'

const resolve = (options: object = {}, environment: Record<string, string> = {}) =>
  resolveSettings(options as never, environment)

function mistake(options: object, environment: Record<string, string> = {}): Mistake {
  try {
    resolve(options, environment)
  } catch (error) {
    if (error instanceof Mistake) return error
    throw error
  }
  throw new Error('there was no mistake')
}

describe('settings of the web integration', () => {
  test('WEB-W140 false in the environment is false', () => {
    expect(resolve({}, { LATCHKEY_WEB__REGISTER__ENABLED: 'false' }).register.enabled).toBe(false)
    expect(resolve({}, { LATCHKEY_WEB__OAUTH2__CLIENT_CREDENTIALS__ENABLED: 'false' }).oauth2.clientCredentials).toBe(
      false,
    )
    expect(mistake({}, { LATCHKEY_WEB__REGISTER__ENABLED: 'maybe' }).message).toBe(
      'LATCHKEY_WEB__REGISTER__ENABLED is "maybe", but must be true or false',
    )
  })

  test('WEB-W139 the environment comes before code, and code before defaults; each origin is told', () => {
    const settings = resolve({ web: { login: { uri: '/in', nextUri: '/a' } } }, { LATCHKEY_WEB__LOGIN__NEXT_URI: '/b' })
    expect(settings.login).toMatchObject({ uri: '/in', nextUri: '/b' })
    expect(settings.logout.uri).toBe('/logout')
    expect(settings.origins.get('web.login.nextUri')).toBe('LATCHKEY_WEB__LOGIN__NEXT_URI')
    expect(settings.origins.get('web.login.uri')).toBe('web.login.uri in the options of latchkey()')
  })

  test('names that the developer chooses can be set from the environment', () => {
    const { register } = resolve({}, { LATCHKEY_WEB__REGISTER__FORM__FIELDS__COMPANY_NAME__LABEL: 'Company' })
    expect(register.fields.at(-1)).toMatchObject({ name: 'companyName', label: 'Company' })
  })

  test.each([
    [{ web: { regster: {} } }, 'web.regster', 'did you mean web.register?'],
    [{ web: { login: { nexturi: '/' } } }, 'web.login.nexturi', 'did you mean web.login.nextUri?'],
    [{ web: { register: { form: { fields: { a: { lable: 'x' } } } } } }, 'web.register.form.fields.a.lable', 'label?'],
    [{ url: 'http://localhost:4000', apikey: {} }, 'apikey', 'did you mean apiKey?'],
    [{ hooks: { preRegistr: () => {} } }, 'hooks.preRegistr', 'did you mean hooks.preRegister?'],
    [{ hooks: { prelogin: () => {} } }, 'hooks.prelogin', 'did you mean hooks.preLogin?'],
  ])('WEB-W140 an unknown setting is told with the one that was meant: %j', (options, name, fix) => {
    const { message, fix: told } = mistake(options)
    expect(message).toContain(`unknown setting ${name}`)
    expect(told).toContain(fix)
  })

  test('WEB-W140 an unknown variable is told, one of the service is not ours', () => {
    const { message, fix } = mistake({}, { LATCHKEY_WEB__LOGIN__NEXTURI: '/' })
    expect(message).toContain('LATCHKEY_WEB__LOGIN__NEXTURI')
    expect(fix).toBe('did you mean LATCHKEY_WEB__LOGIN__NEXT_URI?')
    expect(() => resolve({}, { LATCHKEY_DATABASE_URL: 'postgres://x' })).not.toThrow()
  })

  test.each([
    [{ web: { login: { uri: 'login' } } }, 'web.login.uri'],
    [{ web: { login: { nextUri: '//evil.example' } } }, 'web.login.nextUri'],
    [{ web: { login: { nextUri: 'https://evil.example' } } }, 'web.login.nextUri'],
    [{ web: { baseUrl: 'https://x.example/path' } }, 'web.baseUrl'],
    [{ web: { produces: ['text/plain'] } }, 'web.produces'],
    [{ web: { register: { form: { fields: { a: 'x' } } } } }, 'web.register.form.fields.a'],
    [{ web: { accessTokenCookie: { sameSite: 'None', secure: false } } }, 'sameSite None'],
    [{ web: { spa: { enabled: true } } }, 'web.spa.view'],
    [{ hooks: () => {} }, 'hooks'],
    [{ hooks: { preLogin: true } }, 'hooks.preLogin'],
    [{ url: 'http://localhost:4000' }, 'API key'],
    [{ apiKey: { id: 'x' } }, 'LATCHKEY_API_KEY_SECRET'],
    [{ application: { href: 'http://localhost/v1/accounts/x' } }, 'application.href'],
  ])('WEB-W141 %j is a mistake about %s', (options, text) => {
    const { message, fix } = mistake(options)
    expect(message).toContain(text)
    expect(fix).not.toBe('')
  })

  test.each([
    ['profile', 'email'],
    ['profile', 'password'],
    ['profile', 'confirmPassword'],
    ['profile', 'status'],
    ['profile', 'emailVerificationStatus'],
    ['profile', 'groups'],
    ['profile', 'customData'],
    ['register', 'status'],
    ['register', 'directory'],
    ['register', 'passwordModifiedAt'],
  ])('WEB-W48 WEB-W141 a form of %s has no field %s', (form, name) => {
    const withField = (enabled: boolean) => ({ web: { [form]: { form: { fields: { [name]: { enabled } } } } } })
    const { message, fix } = mistake(withField(true))
    expect(message).toContain(`web.${form}.form.fields.${name}`)
    expect(fix).toContain(name)
    expect(() => resolve(withField(false))).not.toThrow()
  })

  test('a misspelt setting does not compile', () => {
    const compile = (_: ExpressOptions) => {}
    compile({ data: './users', baseUrl: 'https://shop.example', mail: { url: 'none' }, web: {} })
    // @ts-expect-error: it is called data
    compile({ dta: './users' })
    // @ts-expect-error: it is called preLogin
    compile({ hooks: { prelogin: () => {} } })
  })

  test('WEB-W28 the secret of an API key comes from a file of its own, which others must not read', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'latchkey-secret-')), 'secret')
    writeFileSync(file, 'two\n', { mode: 0o600 })
    const variables = { LATCHKEY_API_KEY_ID: 'one', LATCHKEY_API_KEY_SECRET_FILE: file }
    const apiKey = { id: 'one', secret: 'two' }
    expect(resolve({}, variables)).toMatchObject({ apiKey, service: { apiKey } })
    expect(resolve({}, { ...variables, LATCHKEY_URL: 'http://localhost:4000' }).apiKey).toEqual(apiKey)
    expect(mistake({}, { ...variables, LATCHKEY_API_KEY_SECRET: 'three' }).message).toContain('both')
    chmodSync(file, 0o644)
    expect(mistake({}, variables).fix).toContain(`chmod 600 ${file}`)
  })

  test('a secret is never told', () => {
    expect(mistake({ apiKey: { id: 'x', secret: 5 } }).message).not.toContain('5')
  })

  test('WEB-W28 an API key comes from a file; one that others may read draws a warning', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'latchkey-key-')), 'apiKey.properties')
    writeFileSync(file, 'apiKey.id = one\napiKey.secret = two\n', { mode: 0o600 })
    const variables = { LATCHKEY_URL: 'http://localhost:4000', LATCHKEY_API_KEY_FILE: file }
    expect(resolve({}, variables)).toMatchObject({ apiKey: { id: 'one', secret: 'two' }, warnings: [] })
    chmodSync(file, 0o644)
    expect(resolve({}, variables).warnings).toEqual([expect.stringContaining(`chmod 600 ${file}`)])
    expect(mistake({}, { ...variables, LATCHKEY_API_KEY_FILE: '/nowhere' }).message).toContain('/nowhere')
  })

  test('what is not ours is handed to the service in this process', () => {
    expect(resolve({ data: './users', baseUrl: 'https://shop.example' }).service).toEqual({
      data: './users',
      baseUrl: 'https://shop.example',
    })
  })
})
