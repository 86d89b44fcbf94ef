import { registry } from '../resources/registry.ts'
import type { Resource } from '../schema/resource.ts'
import type { actions, tokenActions } from './actions/actions.ts'
import { loginAttempt } from './actions/login-attempts.ts'
import { passwordReset, passwordResetToken } from './actions/password-reset-tokens.ts'
import { verificationEmail } from './actions/verification-emails.ts'
import { replay, retry, secretRotation } from './actions/webhooks.ts'
import type { Json } from './openapi-attributes.ts'
import { toOperation, type Vocabulary } from './openapi-operations.ts'
import { sharedParameters } from './openapi-parameters.ts'
import { commonSchemas, type Declarations, refTo, resourceSchemas } from './openapi-schemas.ts'
import { type Route, routes } from './routes.ts'

const declarations: Declarations = registry
const vocabulary: Vocabulary = {
  declarations,
  actions: {
    loginAttempts: loginAttempt,
    passwordResetTokens: passwordResetToken,
    verificationEmails: verificationEmail,
    secretRotations: secretRotation,
    replays: replay,
    retries: retry,
  } satisfies Record<keyof typeof actions, Resource>,
  tokens: { passwordResetTokens: passwordReset } satisfies Record<keyof typeof tokenActions, Resource>,
}

/**
 * The OpenAPI 3.1 description of the REST API under a base URL such as `https://id.example.com/v1`, made from the routes
 * and the declarations alone. The same registry gives the same text.
 */
export function toOpenApi(baseUrl: string): object {
  const resources = Object.values(declarations)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey REST API',
      version: '1',
      summary: 'User management, authentication and authorization.',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl }],
    security: [{ basic: [] }, { sauthc1: [] }],
    tags: resources.map((resource) => ({ name: resource.name, description: resource.description })),
    paths: toPaths(routes),
    components: {
      schemas: Object.assign({}, ...resources.map((each) => resourceSchemas(each, declarations)), commonSchemas),
      parameters: sharedParameters,
      responses: {
        Error: { description: 'Why not.', content: { 'application/json': { schema: refTo('Error') } } },
      },
      securitySchemes,
    },
  }
}

const description = `Every resource has an address, its \`href\`; links between resources are objects with an \`href\`, and \`expand\`
puts the resource itself in their place. A POST to a collection creates, a POST to a resource changes the attributes it
names and no others. Members that a client may not set are ignored when it sends them back; unknown ones are refused.
Clients that know only GET and POST send \`?_method=DELETE\`.`

const securitySchemes: Json = {
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'Id and secret of an API key of an account that administers the tenant.',
  },
  sauthc1: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'A signature of the whole request by the same API key, as the Stormpath SDKs make it: `SAuthc1 sauthc1Id=…, sauthc1SignedHeaders=…, sauthc1Signature=…`, with the time in `X-Stormpath-Date`. Each signature is good for one request within five minutes.',
  },
}

function toPaths(all: readonly Route[]): Json {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of all) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] ??= pathItem(route.path)
    paths[path][route.method.toLowerCase()] = toOperation(route, vocabulary)
  }
  return paths
}

function pathItem(path: string): Record<string, unknown> {
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return parameters.length > 0 ? { parameters } : {}
}
