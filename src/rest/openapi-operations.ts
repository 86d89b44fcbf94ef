import type { ResourceName } from '../resources/registry.ts'
import { isRequired, isWritable } from '../schema/attribute.ts'
import type { ToMany } from '../schema/link.ts'
import type { Resource } from '../schema/resource.ts'
import { providerLogIn } from './actions/provider-log-in.ts'
import type { Json } from './openapi-attributes.ts'
import {
  changingConditions,
  creationParameters,
  expandParameters,
  listParameters,
  readingConditions,
  secretParameters,
} from './openapi-parameters.ts'
import { actionInput, actionResult, type Declarations, refTo, titleOf } from './openapi-schemas.ts'
import type { Route } from './routes.ts'

/** What an operation is described with. */
export interface Vocabulary {
  declarations: Declarations
  /** What each action is sent and answers. */
  actions: Declarations
  /** What uses up a token that an action made, and what it answers. */
  tokens: Declarations
}

/** One route as an OpenAPI operation. Its id is unique in the document and stays as long as the route does. */
export function toOperation(route: Route, vocabulary: Vocabulary): Json {
  return { ...describe(route, vocabulary), ...(route.open && { security: [] }) }
}

function describe(route: Route, { declarations, actions, tokens }: Vocabulary): Json {
  const declared = (name: string): Resource => declarations[name] as Resource
  switch (route.does) {
    case 'read': {
      const resource = declared(route.resource)
      return operation(`read${titleOf(resource.name)}`, resource.name, `Reads ${oneOf(resource)}.`, {
        parameters: [...shown(resource), ...readingConditions],
        ...answers(200, refTo(titleOf(resource.name))),
      })
    }
    case 'update': {
      const resource = declared(route.resource)
      const title = titleOf(resource.name)
      return operation(`update${title}`, resource.name, `Changes the attributes sent of ${oneOf(resource)}.`, {
        parameters: [...shown(resource), ...changingConditions],
        requestBody: body(refTo(`${title}Update`)),
        ...answers(200, refTo(title)),
      })
    }
    case 'delete': {
      const resource = declared(route.resource)
      return operation(`delete${titleOf(resource.name)}`, resource.name, `Deletes ${oneOf(resource)}.`, {
        parameters: changingConditions,
        ...noContent,
      })
    }
    case 'create':
      return creation(declared(route.resource), route.owner, route.link, declarations)
    case 'list':
      return listing(declared(route.resource), declared(route.owner), route.link, route.root)
    case 'clear': {
      const { name, path } = declared(route.resource)
      const summary = `Deletes all ${path} of ${oneOf(declared(route.owner))}.`
      const except = { name: 'except', in: 'query', description: 'Id of one to keep.', schema: { type: 'string' } }
      const id = `clear${titleOf(route.link)}Of${titleOf(route.owner)}`
      return operation(id, name, summary, { parameters: [except], ...noContent })
    }
    case 'readCustomData':
      return ofCustomData(route.owner, 'read', 'Reads', {
        parameters: readingConditions,
        ...answers(200, refTo('CustomData')),
      })
    case 'mergeCustomData':
      return ofCustomData(route.owner, 'merge', 'Sets members of', {
        parameters: changingConditions,
        requestBody: body(refTo('CustomDataInput')),
        ...answers(200, refTo('CustomData')),
      })
    case 'clearCustomData':
      return ofCustomData(route.owner, 'clear', 'Deletes', { parameters: changingConditions, ...noContent })
    case 'removeCustomDataField':
      return ofCustomData(route.owner, 'removeFieldOf', 'Deletes one member of', {
        parameters: changingConditions,
        ...noContent,
      })
    case 'act': {
      const action = actions[route.link] as Resource
      return operation(`${route.link}Of${titleOf(route.owner)}`, route.owner, action.description, {
        parameters: expandParameters(action),
        requestBody: body(actionInput(action)),
        ...(Object.keys(action.links).length > 0 ? answers(200, actionResult(action, declarations)) : accepted),
      })
    }
    case 'readToken': {
      const action = actions[route.link] as Resource
      return operation(`read${titleOf(action.name)}`, route.owner, 'Tells whether a token is good, and leaves it so.', {
        parameters: expandParameters(action),
        ...answers(200, actionResult(action, declarations)),
      })
    }
    case 'useToken': {
      const use = tokens[route.link] as Resource
      return operation(`use${titleOf((actions[route.link] as Resource).name)}`, route.owner, use.description, {
        parameters: expandParameters(use),
        requestBody: body(actionInput(use)),
        ...answers(200, actionResult(use, declarations)),
      })
    }
    case 'useSecret': {
      const { description } = declared(route.of).links[route.link] as { description: string }
      return operation(`use${titleOf(route.link)}`, route.of, description, answers(200, refTo('Link')))
    }
    case 'redirectToTenant':
      return operation('readCurrentTenant', 'tenant', 'Redirects to the tenant of the API key.', {
        responses: { '302': { description: 'The tenant is elsewhere.', headers: location }, default: error },
      })
    case 'describe':
      return operation('describe', undefined, 'This document.', answers(200, { type: 'object' }))
  }
}

function creation(
  resource: Resource,
  owner: ResourceName | undefined,
  link: string | undefined,
  declarations: Declarations,
): Json {
  const title = titleOf(resource.name)
  const required = requiredLinks(resource, owner && link ? (declarations[owner]?.links[link] as ToMany) : undefined)
  const ofOwn = refTo(`${title}Create`)
  const isBrought = resource.broughtBy !== undefined && owner === 'application'
  const schema = isBrought ? { anyOf: [ofOwn, brought(resource.broughtBy as string)] } : ofOwn
  const needsBody =
    required.length > 0 ||
    Object.values(resource.attributes).some((each) => isWritable(each, 'create') && isRequired(each))
  const place = owner ? ` in ${oneOf(declarations[owner] as Resource)}` : ''
  return operation(
    `create${title}${owner ? `In${titleOf(owner)}` : ''}`,
    resource.name,
    `Creates ${oneOf(resource)}${place}.`,
    {
      parameters: [...creationParameters(resource), ...shown(resource)],
      requestBody: body(required.length > 0 ? { allOf: [schema, { required }] } : schema, needsBody),
      ...(isBrought ? foundOrMade(refTo(title)) : answers(201, refTo(title), { headers: location })),
    },
  )
}

/** The body of a creation that names a user of an identity provider instead. */
const brought = (part: string): Json => ({
  type: 'object',
  required: [part],
  properties: { [part]: actionInput(providerLogIn) },
})

function foundOrMade(schema: Json): Json {
  const content = { 'application/json': { schema } }
  return {
    responses: {
      200: { description: 'It was there.', headers: location, content },
      201: { description: 'Created.', headers: location, content },
      default: error,
    },
  }
}

/** The links that say where a new resource belongs, when its address does not. */
function requiredLinks(resource: Resource, collection: ToMany | undefined): string[] {
  const settled = collection && 'by' in collection.source ? collection.source.by : undefined
  return Object.entries(resource.links)
    .filter(([name, link]) => link.kind === 'one' && link.required && link.write !== 'never' && name !== settled)
    .map(([name]) => name)
}

function listing(resource: Resource, owner: Resource, name: string, root: boolean): Json {
  const link = owner.links[name] as ToMany
  const id = root ? `list${titleOf(resource.path)}` : `list${titleOf(owner.name)}${titleOf(name)}`
  return operation(id, resource.name, link.description, {
    parameters: [...listParameters(resource, link), ...shown(resource)],
    ...answers(200, refTo(`${titleOf(resource.name)}Collection`)),
  })
}

function ofCustomData(owner: ResourceName, verb: string, text: string, rest: Json): Json {
  const summary = `${text} the custom data of ${oneOf({ name: owner })}.`
  return operation(`${verb}CustomDataOf${titleOf(owner)}`, 'customData', summary, rest)
}

function operation(operationId: string, tag: string | undefined, summary: string, rest: Json): Json {
  return { operationId, ...(tag !== undefined && { tags: [tag] }), summary, ...withoutEmpty(rest) }
}

function withoutEmpty({ parameters, ...rest }: Json): Json {
  return Array.isArray(parameters) && parameters.length > 0 ? { parameters, ...rest } : rest
}

const shown = (resource: Resource): Json[] => [...expandParameters(resource), ...secretParameters(resource)]

/** `an account store mapping`; of a part there is only one. */
function oneOf({ name, nested }: Pick<Resource, 'name' | 'nested'>): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const article = nested ? 'the' : /^[aeio]/.test(words) ? 'an' : 'a'
  return `${article} ${words.replace('api', 'API').replace('id site', 'ID Site')}`
}

const location: Json = { Location: { description: 'Its address.', schema: { type: 'string', format: 'uri' } } }
const error: Json = { $ref: '#/components/responses/Error' }
const accepted: Json = { responses: { '202': { description: 'Accepted.' }, default: error } }
const noContent: Json = { responses: { '204': { description: 'It is gone.' }, default: error } }

function body(schema: Json, required = true): Json {
  return { required, content: { 'application/json': { schema } } }
}

function answers(status: number, schema: Json, more: Json = {}): Json {
  const description = status === 201 ? 'Created.' : 'Done.'
  return {
    responses: { [status]: { description, ...more, content: { 'application/json': { schema } } }, default: error },
  }
}
