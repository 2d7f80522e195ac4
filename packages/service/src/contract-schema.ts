import type { Operation } from '@flash-deal/contracts'
import type { FastifySchema } from 'fastify'

type JsonSchema = { readonly [keyword: string]: unknown }

const known = new WeakMap<Operation, FastifySchema>()

/**
 * An operation of a contract as Fastify's schema: what is checked on the way in and on the way out.
 * The same operation gives the same schema, which Ajv compiles once however many apps a process has.
 */
export const schemaOf = (operation: Operation): FastifySchema => {
  const schema = known.get(operation) ?? read(operation)
  known.set(operation, schema)
  return schema
}

const read = (operation: Operation): FastifySchema => ({
  ...partOf(operation, 'path', 'params'),
  ...partOf(operation, 'query', 'querystring'),
  ...partOf(operation, 'header', 'headers'),
  ...(operation.requestBody && { body: bodyOf(operation.requestBody) }),
  response: Object.fromEntries(
    Object.entries(operation.responses).flatMap(([status, response]) => {
      const schema = response.content?.['application/json']?.schema
      return schema === undefined ? [] : [[status, withoutPatterns(schema)]]
    }),
  ),
})

/** The path of an operation as Fastify's router takes it. */
export const routeOf = ({ path }: Pick<Operation, 'path'>): string =>
  path.replaceAll(/\{(\w+)\}/g, ':$1')

/** The status that the operation answers with when all went well. */
export const successStatusOf = (operation: Operation): number =>
  Number(Object.keys(operation.responses).find((status) => status.startsWith('2')) ?? 200)

const partOf = (
  { parameters }: Operation,
  location: string,
  key: 'params' | 'querystring' | 'headers',
): FastifySchema => {
  const present = parameters.filter((parameter) => parameter.in === location)
  if (present.length === 0) return {}
  const properties = Object.fromEntries(
    present.map((parameter) => [nameOf(parameter), parameter.schema]),
  )
  const required = present.filter((parameter) => parameter.required).map(nameOf)
  return { [key]: { type: 'object', properties, required } }
}

/** Node gives header names in lower case. */
const nameOf = (parameter: { name: string; in: string }): string =>
  parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name

/** To a validator, a body that was left out is null. One that was sent as null is refused before. */
const bodyOf = ({ required, content }: NonNullable<Operation['requestBody']>): JsonSchema => {
  const schema: JsonSchema = content['application/json']?.schema ?? {}
  return required || schema.type === undefined
    ? schema
    : { ...schema, type: [schema.type, 'null'].flat() }
}

/** Serialization does not look at patterns, but its library reads them, and without the `u` flag. */
const withoutPatterns = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword, value]) => keyword !== 'pattern' || typeof value !== 'string')
      .map(([keyword, value]) => [keyword, withoutPatterns(value)]),
  )
}
