import type { Operation } from '@flash-deal/contracts'
import type { FastifySchema } from 'fastify'

type JsonSchema = { readonly [keyword: string]: unknown }

const known = new WeakMap<Operation, FastifySchema>()

/**
 * The Fastify schema of an operation, for the request and the responses. The same operation returns
 * the same object, so Ajv compiles it once for all apps of a process.
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
  response: responsesOf(operation),
})

type Response = [status: string, schema: unknown]

const responsesOf = ({ responses }: Operation): Record<string, unknown> => {
  const all = Object.entries(responses).flatMap(([status, response]): Response[] => {
    const schema = response.content?.['application/json']?.schema
    return schema === undefined ? [] : [[status, withoutPatterns(schema)]]
  })
  const byClass = Map.groupBy(all, ([status]) => `${status[0]}xx`)
  return Object.fromEntries([...byClass].flatMap(errorsAlike))
}

/** A key such as `4xx` for errors of the same schema. Fastify compiles a serializer for each key. */
const errorsAlike = ([statuses, all]: [string, Response[]]): Response[] => {
  const [first] = all
  const isOne = new Set(all.map(([, schema]) => JSON.stringify(schema))).size === 1
  return first && isOne && statuses !== '2xx' ? [[statuses, first[1]]] : all
}

/** The path of an operation in the syntax of Fastify's router. */
export const routeOf = ({ path }: Pick<Operation, 'path'>): string =>
  path.replaceAll(/\{(\w+)\}/g, ':$1')

/** The success status of an operation. */
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

/** Node has header names in lower case. */
const nameOf = (parameter: { name: string; in: string }): string =>
  parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name

/** To the validator, an absent body is null. A body of `null` is rejected earlier. */
const bodyOf = ({ required, content }: NonNullable<Operation['requestBody']>): JsonSchema => {
  const schema: JsonSchema = content['application/json']?.schema ?? {}
  return required || schema.type === undefined
    ? schema
    : { ...schema, type: [schema.type, 'null'].flat() }
}

/** Serialization does not need patterns, but its library compiles them without the `u` flag. */
const withoutPatterns = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword, value]) => keyword !== 'pattern' || typeof value !== 'string')
      .map(([keyword, value]) => [keyword, withoutPatterns(value)]),
  )
}
