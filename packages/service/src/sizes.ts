import type { JsonSchema } from '@flash-deal/contracts'
import { findingsMax } from '@flash-deal/errors'
import type { Finding } from './findings.ts'

/**
 * Finds only what is too large in a body: a list with more members than its schema allows, an object
 * with more than twenty unknown fields, a string far beyond its limit. Validating their content would
 * take time and memory in proportion to the body.
 * @param path the path of the data in the body, in Ajv's format
 */
export const tooLargeIn = (schema: JsonSchema, data: unknown, path = ''): Finding[] => {
  if (typeof data === 'string') return tooLong(schema, data, path)
  if (Array.isArray(data)) return inList(schema, data, path)
  return isObject(data) ? inObject(schema, data, path) : []
}

/** Characters outside of the basic multilingual plane are two units of a JavaScript string. */
const tooLong = ({ maxLength }: JsonSchema, text: string, path: string): Finding[] =>
  typeof maxLength === 'number' && text.length > 2 * maxLength
    ? [finding('maxLength', path, `must NOT have more than ${maxLength} characters`)]
    : []

const inList = ({ maxItems, items }: JsonSchema, list: unknown[], path: string): Finding[] => {
  if (typeof maxItems === 'number' && list.length > maxItems)
    return [finding('maxItems', path, `must NOT have more than ${maxItems} items`)]
  if (!isObject(items)) return []
  return list.flatMap((member, index) => tooLargeIn(items, member, `${path}/${index}`))
}

const inObject = (schema: JsonSchema, data: JsonSchema, path: string): Finding[] => {
  const { additionalProperties } = schema
  const properties = isObject(schema.properties) ? schema.properties : {}
  const unknown = additionalProperties === false ? surplusIn(data, properties) : []
  if (unknown.length > findingsMax) return unknown.map((name) => unknownField(name, path))
  return Object.entries(properties).flatMap(([name, inner]) =>
    isObject(inner) && Object.hasOwn(data, name)
      ? tooLargeIn(inner, data[name], `${path}/${name}`)
      : [],
  )
}

/** At most one more than is reported, which shows that there are more. */
const surplusIn = (data: JsonSchema, properties: JsonSchema): string[] => {
  const names: string[] = []
  for (const name in data) {
    if (!Object.hasOwn(properties, name)) names.push(name)
    if (names.length > findingsMax) break
  }
  return names
}

const unknownField = (name: string, path: string): Finding => ({
  ...finding('additionalProperties', path, 'must NOT have additional properties'),
  params: { additionalProperty: name },
})

const finding = (keyword: string, instancePath: string, message: string): Finding => ({
  keyword,
  instancePath,
  message,
  schemaPath: '',
  params: {},
})

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
