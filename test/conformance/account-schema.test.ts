import { expect, test } from 'vitest'
import { accountValues, describeConformance, expectError, idOf, type Json, link, type Service } from './harness.ts'

async function fieldsOf(service: Service, directory: Json): Promise<Record<string, Json>> {
  const { items } = await service.read(`${directory.accountSchema.href}/fields`)
  return Object.fromEntries(items.map((field: Json) => [field.name, field]))
}

describeConformance(
  'The account schema of a directory',
  (service) => {
    test('REST-G13 has two fields, required as the preset says', async () => {
      const directory = await service().newDirectory()
      const schema = await service().read(directory.accountSchema.href)
      expect(schema).toMatchObject({
        href: `${service().baseUrl}/schemas/${idOf(directory)}`,
        directory: link(directory),
        fields: { href: `${schema.href}/fields` },
      })
      const required = service().way.preset === 'stormpath'
      const { givenName, surname, ...others } = await fieldsOf(service(), directory)
      expect(others).toEqual({})
      for (const field of [givenName, surname]) {
        expect(field).toMatchObject({ required, schema: link(schema) })
        expect(field.href).toMatch(new RegExp(`^${service().baseUrl}/fields/[0-9A-Za-z]+$`))
        expect(await service().read(field.href)).toEqual(field)
      }
      const expanded = await service().read(`${schema.href}?expand=fields,directory`)
      expect(expanded.fields.items).toEqual([givenName, surname])
      expect(expanded.directory.href).toBe(directory.href)
    })

    test('REST-G13 an account without a required name is refused by the name of it', async () => {
      const directory = await service().newDirectory()
      const fields = await fieldsOf(service(), directory)
      for (const [name, other] of [
        ['givenName', 'surname'],
        ['surname', 'givenName'],
      ] as const) {
        expect((await service().update(fields[name].href, { required: 'true' })).required).toBe(true)
        expect((await service().update(fields[other].href, { required: false })).required).toBe(false)
        const text = `Account ${name} is required; it cannot be null, empty, or blank.`
        for (const value of [undefined, null, '   ']) {
          const body = accountValues({ [name]: value })
          expectError(await service().post(directory.accounts.href, body), 400, 2000, {
            message: text,
            developerMessage: text,
          })
        }
        expect(await service().newAccount(directory, { [other]: null })).toMatchObject({ [other]: null })
      }
    })

    test('REST-G13 it holds for new accounts of this directory alone', async () => {
      const [directory, other] = [await service().newDirectory(), await service().newDirectory()]
      const required = async (of: Json, value: boolean) => {
        for (const { href } of Object.values(await fieldsOf(service(), of))) {
          await service().update(href, { required: value })
        }
      }
      await required(directory, false)
      await required(other, false)
      const nameless = { givenName: null, surname: null }
      const present = await service().newAccount(directory, nameless)
      await required(directory, true)
      expect(await service().update(present.href, { middleName: 'Ada' })).toMatchObject(nameless)
      const named = await service().newAccount(directory)
      expect(await service().update(named.href, nameless)).toMatchObject(nameless)
      expect(await service().newAccount(other, nameless)).toMatchObject(nameless)
      const application = await service().newApplication()
      await service().newMapping(application, directory, { isDefaultAccountStore: true })
      expectError(await service().post(application.accounts.href, accountValues(nameless)), 400, 2000)
      expectError(
        await service().post(`${directory.accounts.href}?registrationWorkflowEnabled=false`, accountValues(nameless)),
        400,
        2000,
      )
    })

    test('REST-G13 nothing but `required` can be set, and fields are neither created nor deleted', async () => {
      const directory = await service().newDirectory()
      const { givenName } = await fieldsOf(service(), directory)
      const changed = { ...givenName, name: 'surname', required: !givenName.required }
      expect(await service().update(givenName.href, changed)).toMatchObject({
        name: 'givenName',
        required: !givenName.required,
      })
      expectError(await service().post(givenName.href, { required: 'perhaps' }), 400, 2004)
      expectError(await service().delete(givenName.href), 405, 1100)
      expectError(await service().post(`${directory.accountSchema.href}/fields`, { name: 'x' }), 405, 1100)
      expectError(await service().post(directory.accountSchema.href, { fields: [] }), 405, 1100)
    })

    test('REST-G13 a field of another tenant does not exist', async () => {
      const stranger = await service().secondTenant()
      const { givenName } = await fieldsOf(service(), await service().newDirectory())
      expect((await stranger.post(givenName.href, { required: true })).status).toBe(404)
      expect((await stranger.get(givenName.href)).status).toBe(404)
    })
  },
  { presets: ['modern', 'stormpath'] },
)
