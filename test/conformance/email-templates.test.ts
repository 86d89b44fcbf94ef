import { expect, test } from 'vitest'
import { describeConformance, expectError, expectStatus, type Json } from './harness.ts'

const COLLECTIONS = {
  verification: ['accountCreationPolicy', 'verificationEmailTemplates', 'Verify your account'],
  verificationSuccess: [
    'accountCreationPolicy',
    'verificationSuccessEmailTemplates',
    'Your account has been confirmed',
  ],
  welcome: ['accountCreationPolicy', 'welcomeEmailTemplates', 'Your registration was successful'],
  reset: ['passwordPolicy', 'resetEmailTemplates', 'Reset your password'],
  resetSuccess: ['passwordPolicy', 'resetSuccessEmailTemplates', 'Your password has been changed'],
} as const
type Kind = keyof typeof COLLECTIONS

describeConformance(
  'E-mail templates',
  (service) => {
    test('REST-G10 TRAP-T22 a directory has five collections with one template each, under the historical names', async () => {
      const directory = await service().newDirectory()
      const origin = service().baseUrl.slice(0, -'/v1'.length)
      const links: Partial<Record<Kind, string>> = {
        verification: `${origin}/emailVerificationTokens`,
        reset: `${origin}/passwordReset`,
      }
      for (const [kind, [policy, collection, subject]] of Object.entries(COLLECTIONS)) {
        const { items, size } = await service().read((await service().read(directory[policy].href))[collection].href)
        expect(size).toBe(1)
        const words = kind.replace('reset', 'passwordReset').replaceAll(/[A-Z]/g, ' $&')
        const name = `Default ${words.charAt(0).toUpperCase()}${words.slice(1)} Email Template`
        const link = links[kind as Kind]
        expect(items[0]).toMatchObject({
          name,
          // to the letter, for old clients
          subject: service().way.preset === 'stormpath' && kind === 'reset' ? 'Reset your Password' : subject,
          mimeType: service().way.preset === 'modern' ? 'multipart/alternative' : 'text/plain',
          ...(link && { defaultModel: { linkBaseUrl: link } }),
        })
        expect('defaultModel' in items[0]).toBe(link !== undefined)
        expectError(
          await service().post((await service().read(directory[policy].href))[collection].href, {}),
          405,
          1100,
        )
        expectError(await service().delete(items[0].href), 405, 1100)
      }
    })

    test('REST-G11 every field can be changed, and read again', async () => {
      const template = await templateOf(await service().newDirectory(), 'reset')
      const changes = {
        name: 'Mine',
        description: 'Own words',
        fromName: 'The Shop',
        fromEmailAddress: 'shop@example.com',
        subject: 'A new password',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro
        textBody: 'Here: ${url}',
        htmlBody: '<a href="$!{url}">Here</a>',
        mimeType: 'text/html',
        defaultModel: { linkBaseUrl: 'https://shop.example.com/reset?from=mail' },
      }
      expect(await service().update(template.href, changes)).toMatchObject(changes)
      expect(await service().read(template.href)).toMatchObject(changes)
    })

    test('REST-G11 a body that is sent must carry the link, the other one need not', async () => {
      const directory = await service().newDirectory()
      for (const kind of ['reset', 'verification'] as const) {
        const { href } = await templateOf(directory, kind)
        await service().update(href, { mimeType: 'text/plain' })
        expectError(await service().post(href, { textBody: 'no link' }), 400, 7301)
        await service().update(href, { htmlBody: 'no link' })
        for (const mimeType of ['text/html', 'multipart/alternative']) {
          expectError(await service().post(href, { mimeType }), 400, 7301)
        }
        for (const macro of ['url', 'sptoken', 'sptokenNameValuePair']) {
          await service().update(href, { textBody: `see $!{${macro}}` })
          await service().update(href, { textBody: `see \${${macro}}` })
        }
      }
      await service().update((await templateOf(directory, 'welcome')).href, { textBody: 'no link' })
    })

    test('REST-G11 what cannot be a template is refused', async () => {
      const directory = await service().newDirectory()
      const { href } = await templateOf(directory, 'reset')
      const welcome = (await templateOf(directory, 'welcome')).href
      const refused: [string, object, number][] = [
        [href, { defaultModel: {} }, 2000],
        [href, { defaultModel: null }, 2000],
        [href, { defaultModel: { linkBaseUrl: 'javascript://alert(1)' } }, 2006],
        [href, { defaultModel: { linkBaseUrl: '/passwordReset' } }, 2006],
        [href, { defaultModel: { linkBaseUrl: 'https://a.example', more: 1 } }, 2015],
        [href, { defaultModel: 'https://a.example' }, 2004],
        [href, { mimeType: 'text/calendar' }, 2003],
        [href, { subject: '' }, 2000],
        [href, { subject: 'a\r\nBcc: evil@example.com' }, 2006],
        [href, { fromName: 'a\nb' }, 2006],
        [href, { fromEmailAddress: 'a@example.com, b@example.com' }, 2006],
        [href, { textBody: null }, 2000],
        [welcome, { defaultModel: { linkBaseUrl: 'https://a.example' } }, 2002],
      ]
      for (const [to, body, code] of refused) expectError(await service().post(to, body), 400, code)
    })

    test('REST-G12 macros bring in attributes and custom data; quiet ones without a value are empty', async () => {
      const { application, directory, account } = await world({ plan: 'gold', deep: { level: 7 } })
      await service().update(application.href, { customData: { color: 'blue' } })
      await service().update(directory.href, { customData: { floor: 1.5 } })
      const lines = {
        'account.givenName': 'Ada',
        'account.fullName': 'Ada Lovelace',
        'account.email': account.email,
        'account.directory.name': directory.name,
        'application.name': application.name,
        'application.customData.color': 'blue',
        'account.customData.plan': 'gold',
        'account.customData.deep.level': '7',
        'account.directory.customData.floor': '1.5',
        expirationWindow: '24',
        'account.middleName': '',
        'account.customData.unknown': '',
        'account.password': '',
        'account.eventKey': '',
        'account.customData.constructor': '',
        'account.__proto__': '',
        nonsense: '',
      }
      const names = Object.keys(lines)
      const textBody = `${names.map((name) => `$!{${name}}`).join('\n')}\n$!{sptokenNameValuePair}\n$!{url}`
      const text = await resetMail(application, directory, account, { mimeType: 'text/plain', textBody })
      const [pair, url] = text.split('\n').slice(names.length)
      expect(text.split('\n').slice(0, names.length)).toEqual(Object.values(lines))
      expect(url?.endsWith(`/passwordReset?${pair}`)).toBe(true)
    })

    test('REST-G12 plain macros without a value stay as they are, and Java escapes are understood', async () => {
      const { application, directory, account } = await world({})
      // biome-ignore lint/suspicious/noTemplateCurlyInString: macros
      const textBody = '${account.middleName} ${account.givenName} \\u00e9\\tx\\ny \\d ${url}'
      const text = await resetMail(application, directory, account, { mimeType: 'text/plain', textBody })
      expect(text).toMatch(/^\$\{account\.middleName\} Ada é\tx\ny \\d http/)
    })

    test('REST-G12 ATTACK-J7 HTML bodies escape what macros bring in, and nothing is rendered twice', async () => {
      const { application, directory, account } = await world({})
      await service().update(account.href, { givenName: '<a href="https://evil.example">', surname: '$!{sptoken}' })
      const htmlBody = '<p>$!{account.givenName}|$!{account.surname}</p><a href="$!{url}">x</a>'
      await resetMail(application, directory, account, { mimeType: 'text/html', htmlBody })
      const { html, text } = await service().mailTo(account.email)
      expect(html).toContain('<p>&lt;a href=&quot;https://evil.example&quot;&gt;|$!{sptoken}</p>')
      expect(text).toBeUndefined()
    })

    test('REST-G12 an own link keeps its query, and an own sender is used', async () => {
      const { application, directory, account } = await world({})
      const own = { fromName: 'The Shop', fromEmailAddress: 'shop@example.com' }
      await resetMail(application, directory, account, {
        ...own,
        mimeType: 'multipart/alternative',
        defaultModel: { linkBaseUrl: 'https://shop.example.com/change?a=b' },
      })
      const mail = await service().mailTo(account.email)
      expect(mail.from).toEqual({ name: own.fromName, address: own.fromEmailAddress })
      expect(mail.links[0]).toMatch(/^https:\/\/shop\.example\.com\/change\?a=b&sptoken=[\w.-]+$/)
      expect(mail).toMatchObject({ text: expect.any(String), html: expect.any(String) })
    })

    async function templateOf(directory: Json, kind: Kind): Promise<Json> {
      const [policy, collection] = COLLECTIONS[kind]
      return (await service().read(`${directory[policy].href}/${collection}`)).items[0]
    }

    async function world(customData: object) {
      const { application, directory } = await service().newApplicationWithDirectory()
      return { application, directory, account: await service().newAccount(directory, { customData }) }
    }

    /** The text of a reset mail worded so. */
    async function resetMail(application: Json, directory: Json, account: Json, changes: object): Promise<string> {
      await service().update((await templateOf(directory, 'reset')).href, changes)
      expectStatus(await service().post(application.passwordResetTokens.href, { email: account.email }), 200)
      return (await service().mailTo(account.email)).text ?? ''
    }
  },
  { presets: ['modern', 'stormpath'] },
)
