import { type Attribute, isFilled, isRequired, type WriteMode } from '../schema/attribute.ts'
import type { Switches } from '../schema/switches.ts'

/** A JSON Schema (draft 2020-12), or another part of an OpenAPI document. */
export type Json = { readonly [member: string]: unknown }

export const dateTime: Json = { type: 'string', format: 'date-time' }

/** One attribute as a representation shows it. */
export function shownAttribute(attribute: Attribute): Json {
  return described(attribute, nullable(schemaOf(attribute), !isFilled(attribute)))
}

/** One attribute as a body may set it; null clears what is not required. */
export function settableAttribute(attribute: Attribute, mode: WriteMode): Json {
  const preset = mode === 'create' && 'default' in attribute ? { default: attribute.default } : {}
  return described(attribute, { ...nullable(schemaOf(attribute), !isRequired(attribute)), ...preset })
}

export function described({ description }: { description: string }, schema: Json): Json {
  return { description, ...schema }
}

function schemaOf(attribute: Attribute): Json {
  switch (attribute.kind) {
    case 'string':
      return {
        type: 'string',
        ...lengthsOf(attribute),
        ...stringFormat(attribute),
      }
    case 'integer':
      return {
        type: 'integer',
        ...(attribute.min !== undefined && { minimum: attribute.min }),
        ...(attribute.max !== undefined && { maximum: attribute.max }),
      }
    case 'boolean':
      return { type: 'boolean' }
    case 'enum':
      return { type: 'string', enum: [...attribute.values] }
    case 'datetime':
      return dateTime
    case 'strings':
      return {
        type: 'array',
        items: { type: 'string', ...lengthsOf(attribute.entries ?? {}) },
        ...(attribute.maxCount !== undefined && { maxItems: attribute.maxCount }),
      }
    case 'object':
      return {
        type: 'object',
        required: Object.keys(attribute.members),
        properties: Object.fromEntries(
          Object.entries(attribute.members).map(([name, member]) => [
            name,
            described(member, schemaOf({ kind: 'string', ...member })),
          ]),
        ),
        additionalProperties: false,
      }
    case 'switches':
      return switchesSchema(attribute.default)
    case 'list':
      return {
        type: 'array',
        maxItems: attribute.maxCount,
        items: {
          type: 'object',
          required: Object.keys(attribute.members),
          properties: Object.fromEntries(
            Object.entries(attribute.members).map(([name, member]) => [name, described(member, schemaOf(member))]),
          ),
          additionalProperties: false,
        },
      }
    case 'joined':
      return { type: 'string' }
    case 'derived':
      return { type: attribute.of }
  }
}

function switchesSchema(known: Switches): Json {
  const each = ([name, usual]: [string, Switches[string]]): [string, Json] => [
    name,
    usual === null
      ? { type: ['boolean', 'null'] }
      : typeof usual === 'boolean'
        ? { type: 'boolean' }
        : switchesSchema(usual),
  ]
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(known).map(each)),
    additionalProperties: false,
  }
}

function lengthsOf({ min, max }: { min?: number; max?: number }): Json {
  return { ...(min !== undefined && { minLength: min }), ...(max !== undefined && { maxLength: max }) }
}

function stringFormat({ secret, format }: { secret?: boolean; format?: string }): Json {
  if (secret) return { format: 'password' }
  if (format === 'email' || format === 'duration') return { format }
  if (format === 'url' || format === 'endpoint') return { format: 'uri' }
  return format === 'nameKey' ? { pattern: '^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$' } : {}
}

function nullable(schema: Json, may: boolean): Json {
  if (!may) return schema
  const choices = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}
  return { ...schema, type: [schema.type, 'null'], ...choices }
}
