import { expect, test } from 'vitest'
import { describeTck, expectAccount, expectError, inputsOf, newAddress, password, textOfDiv } from './suite.ts'

const names = { givenName: 'GivenName', surname: 'Surname' }
const whole = () => ({ email: newAddress(), password, ...names })

const missing = [
  ['surname', 'Last Name is required.'],
  ['givenName', 'First Name is required.'],
  ['email', 'Email is required.'],
  ['password', 'Password is required.'],
] as const

const refused: [string, Record<string, string>][] = [
  ['an undefined field', { customValue: 'foobar' }],
  ['a field that is off', { middleName: 'foobar' }],
  ['a bad address and a short password', { email: 'foo@bar', password: '1' }],
]

describeTck('RegisterIT', (stage) => {
  const browser = async () => (await stage().site).browser()

  test('WEB-W44 the view model has two members, and the fields in their order', async () => {
    const page = await (await browser()).getJson('/register')
    expect(page.status).toBe(200)
    const field = (name: string, label: string, type: string) => ({
      name,
      label,
      placeholder: label,
      required: true,
      type,
    })
    expect(page.json).toEqual({
      form: {
        fields: [
          field('givenName', 'First Name', 'text'),
          field('surname', 'Last Name', 'text'),
          field('email', 'Email', 'email'),
          field('password', 'Password', 'password'),
        ],
      },
      accountStores: [],
    })
  })

  test.each(missing)('WEB-W45 WEB-W46 JSON: without %s the message is: %s', async (name, text) => {
    const page = await (await browser()).postJson('/register', { ...whole(), [name]: undefined })
    expectError(page, 400)
    expect(page.json.message).toContain(text)
  })

  test('WEB-W45 JSON: with nothing at all, something is required', async () => {
    const page = await (await browser()).postJson('/register', {})
    expectError(page, 400)
    expect(page.json.message).toContain('required')
  })

  test.each([
    ...refused,
    ['undefined custom data', { customData: { hello: 'world' } }],
    ['a misspelt member', { cusotmData: { hello: 'world' } }],
  ])('WEB-W48 WEB-W101 JSON: %s is 400 with status and message only', async (_, more) => {
    expectError(await (await browser()).postJson('/register', { ...whole(), ...more }), 400)
  })

  test('WEB-W101 JSON: an address that has an account is refused with status and message only', async () => {
    const account = await stage().account()
    expectError(await (await browser()).postJson('/register', { ...whole(), email: account.email }), 409)
  })

  test('WEB-W45 JSON: the new account comes back without links', async () => {
    const fields = whole()
    const page = await (await browser()).postJson('/register', fields)
    expectAccount(page, { ...names, middleName: null, email: fields.email, username: fields.email })
  })

  test('WEB-W29 WEB-W44 HTML: a form with its fields in their order and a button to create the account', async () => {
    const page = await (await browser()).visit('/register')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(/<button[^>]*type="submit"[^>]*>([^<]*)</.exec(page.text)?.[1]).toBe('Create Account')
    expect(inputsOf(page)).toMatchObject([
      { name: 'givenName', placeholder: 'First Name', type: 'text' },
      { name: 'surname', placeholder: 'Last Name', type: 'text' },
      { name: 'email', placeholder: 'Email', type: 'email' },
      { name: 'password', placeholder: 'Password', type: 'password' },
    ])
  })

  test.each(missing)('WEB-W49 WEB-W46 HTML: without %s the form comes again and says: %s', async (name, text) => {
    const { [name]: _, ...fields } = whole()
    const page = await (await browser()).submit('/register', fields)
    expect(page.status).toBe(200)
    expect(textOfDiv(page, 'alert-danger')).toContain(text)
  })

  test('WEB-W49 HTML: with nothing at all the form comes again and says what is required', async () => {
    const page = await (await browser()).submit('/register', {})
    expect(page.status).toBe(200)
    expect(textOfDiv(page, 'alert-danger')).toContain('required')
  })

  test.each(refused)('WEB-W48 WEB-W49 HTML: %s shows the form again with the error', async (_, more) => {
    const page = await (await browser()).submit('/register', { ...whole(), ...more })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(textOfDiv(page, 'alert-danger')).toMatch(/\w/)
  })

  test('WEB-W49 HTML: the form that comes again keeps what was typed and not the password', async () => {
    const fields = { ...whole(), password: '1' }
    const [givenName, surname, email, secret] = inputsOf(await (await browser()).submit('/register', fields))
    expect(givenName?.value).toBe(names.givenName)
    expect(surname?.value).toBe(names.surname)
    expect(email?.value).toBe(fields.email)
    expect(secret).toMatchObject({ name: 'password' })
    expect(secret?.value ?? '').toBe('')
  })

  test('WEB-W29 WEB-W45 HTML: on to the log-in page that tells of the new account', async () => {
    const visitor = await browser()
    const fields = whole()
    expect(await visitor.submit('/register', fields)).toMatchObject({ status: 302, location: '/login?status=created' })
    expect((await visitor.submit('/login', { login: fields.email, password })).status).toBe(302)
  })
})
