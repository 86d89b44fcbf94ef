import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, test } from 'vitest'
import { registry } from '../resources/registry.ts'
import { isHeld } from '../schema/attribute.ts'
import { Problem } from '../schema/problems.ts'
import type { Resource } from '../schema/resource.ts'
import { parseExpand } from './expand.ts'
import { toOpenApi } from './openapi.ts'
import { expandableLinks } from './openapi-parameters.ts'
import { routes } from './routes.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is examined member by member
type Document = any

const base = 'https://id.example.com/v1'
const resources = Object.values(registry as Record<string, Resource>)
let document: Document

beforeAll(() => {
  document = JSON.parse(JSON.stringify(toOpenApi(base)))
})

const operations = (): [string, Document][] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Document)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]): [string, Document] => [`${method.toUpperCase()} ${path}`, operation]),
  )
const operation = (name: string): Document => Object.fromEntries(operations())[name]
const parametersOf = (name: string): string[] =>
  (operation(name).parameters ?? []).map((each: Document) => each.name ?? each.$ref.split('/').at(-1))
const schema = (name: string): Document => document.components.schemas[name]

describe('the document', () => {
  test('is OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  test('has every route with its method, and nothing else', () => {
    const declared = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(
      operations()
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(declared.toSorted())
  })

  test('is the same every time', () => {
    expect(JSON.stringify(toOpenApi(base))).toBe(JSON.stringify(toOpenApi(base)))
    expect(document.servers).toEqual([{ url: base }])
  })

  test('gives every operation an id of its own, a summary, and an answer for refusals', () => {
    const ids = operations().map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [name, { operationId, summary, responses }] of operations()) {
      expect(operationId, name).toMatch(/^[a-z][A-Za-z]+$/)
      expect(summary, name).toMatch(/^[A-Z].*\.$/)
      expect(responses.default, name).toEqual({ $ref: '#/components/responses/Error' })
    }
  })

  test('refers to nothing that is not there, and keeps nothing that nobody refers to', () => {
    const references = new Set<string>()
    JSON.stringify(document, (key, value) => {
      if (key === '$ref') references.add(value)
      return value
    })
    const present = ['schemas', 'parameters', 'responses'].flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    )
    expect([...references].toSorted()).toEqual(present.toSorted())
  })

  test('names each parameter of an operation once', () => {
    for (const [name] of operations()) {
      const parameters = parametersOf(name)
      expect(new Set(parameters).size, name).toBe(parameters.length)
    }
  })

  test('asks for credentials everywhere but where the route is open', () => {
    expect(document.security).toEqual([{ basic: [] }, { sauthc1: [] }])
    const open = operations().filter(([, { security }]) => security !== undefined)
    expect(open.map(([name]) => name)).toEqual(
      routes.filter((route) => route.open).map(({ method, path }) => `${method} ${path}`),
    )
  })

  test('never tells of what is held by the house', () => {
    for (const resource of resources.filter(({ operations }) => operations.length > 0)) {
      const { properties } = schema(resource.name.charAt(0).toUpperCase() + resource.name.slice(1))
      for (const [name, attribute] of Object.entries(resource.attributes)) {
        const shown = !isHeld(attribute) || !(attribute.hidden || attribute.secret)
        expect(Object.hasOwn(properties, name), `${resource.name}.${name}`).toBe(shown)
      }
      for (const [name, link] of Object.entries(resource.links)) {
        expect(Object.hasOwn(properties, name), `${resource.name}.${name}`).toBe(!(link.kind === 'one' && link.hidden))
      }
    }
  })
})

describe('schemas', () => {
  test('of what is shown', () => {
    const { required, properties } = schema('Account')
    expect(required).toEqual(Object.keys(properties))
    expect(properties).toMatchObject({
      email: { type: 'string', format: 'email', maxLength: 255 },
      username: { type: ['string', 'null'] },
      middleName: { type: ['string', 'null'] },
      status: { type: 'string', enum: ['ENABLED', 'DISABLED', 'UNVERIFIED'] },
      passwordModifiedAt: { type: ['string', 'null'], format: 'date-time' },
      directory: { anyOf: [{ $ref: '#/components/schemas/Directory' }, { $ref: '#/components/schemas/Link' }] },
      groups: { anyOf: [{ $ref: '#/components/schemas/GroupCollection' }, { $ref: '#/components/schemas/Link' }] },
    })
    expect(schema('Application').properties).toMatchObject({
      loginAttempts: { $ref: '#/components/schemas/Link' },
      defaultAccountStoreMapping: { anyOf: [{}, {}, { type: 'null' }] },
      apiKeys: { $ref: '#/components/schemas/Link' },
    })
    expect(schema('ApiKey').properties).toHaveProperty('secret')
  })

  test('of what is sent', () => {
    expect(schema('AccountCreate').required).toEqual(['email', 'password'])
    expect(schema('AccountCreate').properties).toHaveProperty('customData')
    expect(schema('AccountCreate').properties).not.toHaveProperty('fullName')
    expect(schema('AccountCreate').properties.password).toMatchObject({ type: 'string', format: 'password' })
    expect(schema('AccountUpdate')).not.toHaveProperty('required')
    expect(schema('AccountUpdate').properties.givenName.type).toEqual(['string', 'null'])
    expect(schema('DirectoryCreate').properties.provider).toMatchObject({ $ref: '#/components/schemas/ProviderCreate' })
    expect(schema('TenantUpdate').properties).not.toHaveProperty('key')
    expect(schema('TenantCreate')).toBeUndefined()
    expect(schema('CustomData').additionalProperties).toBe(true)
  })

  test('a body names what its address does not', () => {
    const bodyOf = (name: string) => operation(name).requestBody.content['application/json'].schema
    expect(bodyOf('POST /accountStoreMappings')).toEqual({
      allOf: [
        { $ref: '#/components/schemas/AccountStoreMappingCreate' },
        { required: ['application', 'accountStore'] },
      ],
    })
    expect(bodyOf('POST /applications/{id}/accountStoreMappings').allOf[1]).toEqual({ required: ['accountStore'] })
    expect(bodyOf('POST /directories/{id}/accounts')).toEqual({ $ref: '#/components/schemas/AccountCreate' })
    expect(operation('POST /accounts/{id}/apiKeys').requestBody.required).toBe(false)
  })
})

describe('parameters', () => {
  test('of a collection', () => {
    expect(parametersOf('GET /directories/{id}/accounts')).toEqual([
      'offset',
      'limit',
      'q',
      'username',
      'email',
      'givenName',
      'middleName',
      'surname',
      'status',
      'passwordModifiedAt',
      'createdAt',
      'modifiedAt',
      'customData',
      'orderBy',
      'expand',
    ])
    expect(parametersOf('GET /applications/{id}/accounts')).not.toContain('customData')
  })

  test('that must be there', () => {
    const [first] = operation('GET /applications/{id}/apiKeys').parameters
    expect(first).toMatchObject({ name: 'id', required: true })
  })

  test('of secrets, where one is shown', () => {
    for (const name of [
      'GET /apiKeys/{id}',
      'POST /apiKeys/{id}',
      'GET /accounts/{id}/apiKeys',
      'POST /accounts/{id}/apiKeys',
    ]) {
      expect(parametersOf(name)).toContain('encryptSecret')
    }
    expect(parametersOf('GET /accounts/{id}')).toEqual(['expand', 'ifNoneMatch'])
  })

  test('of creations', () => {
    expect(parametersOf('POST /applications')).toEqual(['createDirectory', 'idempotencyKey', 'expand'])
    expect(parametersOf('POST /directories/{id}/accounts')).toContain('passwordFormat')
  })

  test('name the links that expand, and no others', () => {
    for (const resource of resources) {
      for (const name of Object.keys(resource.links)) {
        const expands = accepts(() => parseExpand(resource, name))
        expect(expandableLinks(resource).includes(name), `${resource.name}.${name}`).toBe(expands)
      }
    }
    const pattern = new RegExp(operation('GET /accounts/{id}').parameters[0].schema.pattern)
    for (const text of ['groups', 'groups(offset:0,limit:10),directory', 'customData,apiKeys(limit:5)'])
      expect(text).toMatch(pattern)
    for (const text of ['', 'nothing', 'groups()', 'groups,', 'groups(5,10)']) expect(text).not.toMatch(pattern)
  })
})

function accepts(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch (error) {
    if (Problem.is(error)) return false
    throw error
  }
}
