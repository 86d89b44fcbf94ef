import { describe, expect, test } from 'vitest'
import { createManualClock } from '../../src/std/clock.ts'
import { toBanner } from '../../src/web/pages/banners.ts'
import { createBrand } from '../../src/web/pages/brand.ts'
import { message } from '../../src/web/pages/messages/message.ts'
import type { Page } from '../../src/web/pages/model.ts'
import { createPages } from '../../src/web/pages/pages.ts'
import { toFormViewModel } from '../../src/web/pages/view-model.ts'
import { context, field, gallery, loginForm, now, registerForm } from './gallery.ts'

const pages = createPages({ clock: createManualClock(now) })
const bodyOf = async (page: Page, renderer = pages) => String((await renderer.render(page)).body)
const named = (name: string) => gallery.get(name) as Page

/** Attributes of each input by its name. */
function inputsOf(body: string): Record<string, string> {
  return Object.fromEntries(
    [...body.matchAll(/<input([^>]*name="([^"]+)"[^>]*)>/g)].map(([, all, name]) => [name, all]),
  )
}

describe('what old test kits look for', () => {
  test('WEB-W36 the log-in form has its method, its inputs and its header', async () => {
    const body = await bodyOf(named('login'))
    expect(body).toContain('<form method="post" action="/login">')
    expect(body).toContain('<div class="header">')
    const inputs = inputsOf(body)
    expect(inputs.login).toContain('type="text"')
    expect(inputs.password).toContain('type="password"')
    expect(Object.keys(inputs)).toEqual(['_csrf', 'login', 'password'])
    expect(inputs._csrf).toContain('type="hidden"')
    expect(inputs._csrf).toContain('value="csrf-token"')
  })

  test('WEB-W36 WEB-W49 a refused log-in says so, keeps the name and not the password', async () => {
    const body = await bodyOf({
      ...context,
      page: 'login',
      providers: [],
      form: {
        action: '/login',
        problems: [message('problem.credentials')],
        fields: loginForm().fields.map((each) => ({ ...each, value: each.name === 'login' ? 'ada' : 'secret' })),
      },
    })
    expect(body).toMatch(/<div class="alert alert-danger bad-login"[^>]*><p>Invalid username or password\.<\/p><\/div>/)
    expect(inputsOf(body).login).toContain('value="ada"')
    expect(body).not.toContain('secret')
  })

  test('WEB-W29 WEB-W49 a refused registration names the field and keeps what was typed', async () => {
    const body = await bodyOf(named('register-wrong'))
    expect(body).toContain('class="alert alert-danger')
    expect(body).toContain('<a href="#field-surname">Last Name is required.</a>')
    expect(body).toMatch(/<button class="button primary" type="submit">Create Account<\/button>/)
    const inputs = inputsOf(body)
    expect(inputs.email).toContain('value="ada@harbour.example"')
    expect(inputs.surname).toContain('aria-invalid="true" aria-describedby="field-surname-problem"')
    expect(inputs.givenName).not.toContain('aria-invalid')
    expect(inputs.password).toContain('aria-describedby="field-password-problem field-password-hint"')
  })

  test('WEB-W46 fields stand in their order, with the label, placeholder and type they are given', async () => {
    const fields = [
      field('colour', 'Favourite colour', 'color'),
      field('email', 'Mail', 'email', { placeholder: 'you@work.example' }),
      field('odd', 'Odd', 'image', { required: false }),
    ]
    const body = await bodyOf({
      ...context,
      page: 'register',
      providers: [],
      form: { action: '/register', fields, problems: [] },
    })
    const inputs = inputsOf(body)
    expect(Object.keys(inputs)).toEqual(['_csrf', 'colour', 'email', 'odd'])
    expect(inputs.colour).toContain('type="color"')
    expect(inputs.email).toContain('placeholder="you@work.example"')
    expect(inputs.odd, 'what would be no input is one for text').toContain('type="text"')
    expect(inputs.odd).not.toContain('required')
    expect(body).toContain('<label for="field-email">Mail')
  })

  test('WEB-W44 the view model tells five keys of each field', () => {
    const { fields } = toFormViewModel(registerForm, (text) => pages.text(text, 'en'))
    expect(fields.map(({ name }) => name)).toEqual(['givenName', 'surname', 'email', 'password'])
    expect(fields[3]).toEqual({
      label: 'Password',
      name: 'password',
      placeholder: '',
      required: true,
      type: 'password',
    })
  })

  test('WEB-W55 each status has its banner, anything else has none', async () => {
    for (const status of ['unverified', 'verified', 'created', 'forgot', 'reset', 'invalid_sptoken']) {
      expect(toBanner(status)).toBe(status)
      const body = await bodyOf({
        ...context,
        page: 'login',
        form: loginForm(),
        providers: [],
        banner: toBanner(status),
      })
      expect(body).toMatch(/<div class="header">[\s\S]*<div class="alert alert-(info|success|warning)" role="status">/)
    }
    expect(await bodyOf(named('login-unverified'))).toContain('<a href="/verify">Send it again</a>')
    for (const status of ['', 'toString', '__proto__', '<b>', undefined]) expect(toBanner(status)).toBeUndefined()
    expect(await bodyOf(named('login'))).not.toContain('role="status"')
  })

  test('WEB-W65 WEB-W70 a link that is used up explains itself and offers a new one', async () => {
    expect(await bodyOf(named('verify-used'))).toContain('That link has been used or has expired.')
    expect(await bodyOf(named('forgot-invalid'))).toMatch(/class="alert alert-warning"[\s\S]*has expired/)
  })

  test('WEB-W66 the page that sends a mail again asks for an address alone', async () => {
    expect(Object.keys(inputsOf(await bodyOf(named('verify'))))).toEqual(['_csrf', 'email'])
  })

  test('WEB-W67 verifying takes a press of a button, which carries the token', async () => {
    const body = await bodyOf(named('confirm'))
    expect(Object.keys(inputsOf(body))).toEqual(['_csrf', 'sptoken'])
    expect(body.match(/<button class="button/g)).toHaveLength(1)
  })

  test('WEB-W71 WEB-W72 a new password is asked for twice, and with the old one while logged in', async () => {
    const names = async (name: string) => Object.keys(inputsOf(await bodyOf(named(name))))
    expect(await names('change')).toEqual(['_csrf', 'password', 'confirmPassword'])
    expect(await names('password')).toEqual(['_csrf', 'oldPassword', 'password', 'confirmPassword'])
    expect(await bodyOf(named('change-wrong'))).toContain('That password is too common.')
  })
})

test('WEB-W116 every input tells password managers and keyboards what it is', async () => {
  const tokens = async (name: string) =>
    Object.entries(inputsOf(await bodyOf(named(name))))
      .filter(([, all]) => !all.includes('hidden'))
      .map(([input, all]) => `${input}: ${/autocomplete="([^"]+)"/.exec(all)?.[1]}`)
  expect(await tokens('login')).toEqual(['login: username', 'password: current-password'])
  expect(await tokens('register')).toEqual([
    'givenName: given-name',
    'surname: family-name',
    'email: username',
    'password: new-password',
  ])
  expect(await tokens('password')).toEqual([
    'oldPassword: current-password',
    'password: new-password',
    'confirmPassword: new-password',
  ])
  expect(await tokens('forgot')).toEqual(['email: username'])
  expect(await bodyOf(named('change'))).toContain('<input type="text" value="ada" autocomplete="username" hidden>')
  const { login } = inputsOf(await bodyOf(named('login')))
  expect(login).toContain('autocapitalize="none" autocorrect="off" spellcheck="false" inputmode="email"')
})

test('WEB-W31 the home page greets by name and shows the e-mail and the custom data', async () => {
  const body = await bodyOf(named('home'))
  expect(body).toContain('<h1>Hello, Ada</h1>')
  expect(body).toContain('ada@harbour.example')
  expect(body).toContain('&quot;favouriteShelf&quot;: &quot;Poetry&quot;')
})

test('WEB-W61 WEB-W79 the profile shows sessions by device, with a button to end each other one and all of them', async () => {
  const body = await bodyOf(named('profile'))
  for (const words of [
    'Safari on macOS',
    'Firefox on Android',
    'Chrome on Windows',
    'Last used 2 hours ago',
    'Logged in now',
  ]) {
    expect(body).toContain(words)
  }
  const values = [...body.matchAll(/name="session" value="(\w+)"/g)].map(([, value]) => value)
  expect(values, 'not the one that asks').toEqual(['s2', 's3', 'others'])
})

test('WEB-W108 a missing right is 403 and leads to no log-in; a missing log-in is 401 and does', async () => {
  const forbidden = await pages.render(named('forbidden'))
  expect(forbidden.status).toBe(403)
  expect(forbidden.body).not.toContain('href="/login"')
  const unauthorized = await pages.render(named('unauthorized'))
  expect(unauthorized.status).toBe(401)
  expect(unauthorized.body).toContain('href="/login"')
})

test('every form but none other carries the token, and the destination when there is one', async () => {
  for (const [name, page] of gallery) {
    const body = await bodyOf({ ...page, next: '/a?b="c"' } as Page)
    const forms = body.split('<form ').slice(1)
    for (const each of forms) {
      expect([name, each.includes('name="_csrf" value="csrf-token"')]).toEqual([name, true])
    }
    expect(body.match(/name="_csrf"/g)?.length ?? 0).toBe(forms.length)
    if ('form' in page) expect(body).toContain('name="next" value="/a?b=&quot;c&quot;"')
  }
})

describe('GOAL-L2 GOAL-L3 headers', () => {
  test('a page runs and loads nothing but its own, is in no cache and in no frame', async () => {
    const { headers } = await pages.render(named('login'))
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'strict-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
    })
    expect(headers['Content-Security-Policy']).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; form-action 'self'$/,
    )
  })

  test('WEB-W114 the logo and style sheet of a brand, and targets of forms, are let through by their origins alone', async () => {
    const brand = createBrand({
      name: 'A',
      logo: 'https://cdn.example/logo.svg?a;b',
      stylesheet: '/auth.css',
    })
    const renderer = createPages({ formTargets: ['https://shop.example'] })
    const { headers, body } = await renderer.render({ ...named('login'), brand } as Page)
    const policy = headers['Content-Security-Policy']
    expect(policy).toContain("img-src 'self' https://cdn.example;")
    expect(policy).toMatch(/style-src 'sha256-[^']+' 'self';/)
    expect(policy).toMatch(/form-action 'self' https:\/\/shop\.example$/)
    expect(body).toContain('<img src="https://cdn.example/logo.svg?a;b" alt="A">')
    expect(body).toContain('<link rel="stylesheet" href="/auth.css">')
    expect(() => createPages({ formTargets: ["https://a.example; script-src 'unsafe-inline'"] })).toThrow('formTargets')
  })
})

describe('WEB-W37 WEB-W114 WEB-W108 a page of the developer replaces ours', () => {
  test('as a document, with the model, its texts and our page at hand', async () => {
    const renderer = createPages({
      views: {
        login: (page, { text, ours }) =>
          `<h1>${page.form.fields.map(({ label }) => text(label))}</h1>${ours().includes('</html>')}`,
      },
    })
    const { status, headers, body } = await renderer.render({ ...named('login'), locale: 'de' } as Page)
    expect(status).toBe(200)
    expect(body).toBe('<h1>Benutzername oder E-Mail,Passwort</h1>true')
    expect(headers['Cache-Control']).toBe('no-store')
    expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'")
    expect(await bodyOf(named('register'), renderer)).toContain('Create your account')
  })

  test('as a whole answer', async () => {
    const headers = new Headers({ 'x-own': '1', 'set-cookie': 'a=1' })
    headers.append('set-cookie', 'b=2')
    const renderer = createPages({ views: { unauthorized: () => new Response('No.', { status: 418, headers }) } })
    const { status, headers: given, body } = await renderer.render(named('forbidden'))
    expect([status, given['x-own'], given['set-cookie']]).toEqual([418, '1', ['a=1', 'b=2']])
    expect(new TextDecoder().decode(body as Uint8Array)).toBe('No.')
  })

  test('under a name that there is', () => {
    expect(() => createPages({ views: { signin: () => '' } as never })).toThrow('views.signin: there is no such page')
    expect(() => createPages({ views: { login: 'login.html' } as never })).toThrow('views.login must be a function')
  })
})

test('WEB-W115 a page is written in one language, and says which', async () => {
  const own = createPages({ texts: { ar: { 'login.submit': 'دخول' } } })
  expect(await bodyOf({ ...named('login'), locale: 'de' } as Page)).toMatch(/<html lang="de" dir="ltr">[\s\S]*Anmelden/)
  expect(await bodyOf({ ...named('login'), locale: 'ar' } as Page, own)).toMatch(
    /<html lang="ar" dir="rtl">[\s\S]*دخول/,
  )
  expect(own.chooseLocale('ar-EG, en;q=0.5')).toBe('ar')
})
