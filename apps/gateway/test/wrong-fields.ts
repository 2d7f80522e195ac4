import type { JsonSchema } from '@flash-deal/contracts'

/** A JSON body with one error, and the field that the response must name. */
export type WrongBody = { what: string; field: string; json: string }

type Json = { readonly [name: string]: unknown }

/** A field of a body, and its schema. */
type Spot = { path: readonly string[]; schema: Json; isRequired: boolean }

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const propertiesOf = ({ properties }: Json): [string, Json][] =>
  Object.entries(isObject(properties) ? properties : {}).flatMap(([name, schema]) =>
    isObject(schema) ? [[name, schema]] : [],
  )

/** Every field of a schema, those of objects within and of the first of a list as well. */
export const spotsIn = (schema: Json, path: readonly string[] = []): Spot[] => {
  const isRequired = (name: string) => listOf(schema.required).includes(name)
  const inside = propertiesOf(schema).map(([name, inner]) => ({
    path: [...path, name],
    schema: inner,
    isRequired: isRequired(name),
  }))
  const items = isObject(schema.items) ? schema.items : undefined
  const first = items ? [{ path: [...path, '0'], schema: items, isRequired: false }] : []
  return [...inside, ...first].flatMap((spot) => [spot, ...spotsIn(spot.schema, spot.path)])
}

/** The value in a body at a path. */
const at = (body: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
    body,
  )

const replaced = (body: unknown, [name, ...rest]: readonly string[], value: unknown): unknown => {
  if (name === undefined) return value
  if (Array.isArray(body)) return body.with(Number(name), replaced(body[Number(name)], rest, value))
  return isObject(body) ? { ...body, [name]: replaced(body[name], rest, value) } : body
}

/** A body as JSON with raw text at one path, for numbers that JavaScript cannot represent. */
const withRaw = (body: unknown, path: readonly string[], raw: string): string =>
  JSON.stringify(replaced(body, path, place)).replace(JSON.stringify(place), () => raw)

const place = 'here it goes'

/** Values that do not have a type, by type. */
const ofType = {
  null: 'null',
  boolean: 'true',
  number: '1.5',
  integer: '1',
  string: '"1"',
  array: '[]',
  object: '{}',
}

const ofAnotherType = ({ type }: Json): string[] =>
  Object.entries(ofType)
    .filter(([name]) => !listOf(type).includes(name))
    .map(([, raw]) => raw)

const integersTooLarge = ['1e400', '-1e400', '9007199254740993', '-1e308', '1e308']

const beyondBounds = ({ type }: Json): string[] =>
  listOf(type).includes('integer') ? integersTooLarge : []

/** Suffixes that PostgreSQL cannot store. */
const unstorable = ['\\u0000', '\\ud800', '\\udc00', '\\udc00\\ud800']

const unstorableFor = (body: unknown, { path, schema }: Spot): string[] => {
  if (!listOf(schema.type).includes('string')) return []
  const right = JSON.stringify(at(body, path)).slice(0, -1)
  // Only its hash is stored, so a password may hold any character.
  const endings = path.at(-1) === 'password' ? unstorable.slice(1) : unstorable
  return endings.map((ending) => `${right}${ending}"`)
}

/** Each field of another type, with a number beyond all bounds, with text that cannot be stored. */
export const withWrongValues = (schema: JsonSchema, body: unknown): WrongBody[] =>
  spotsIn(schema).flatMap((spot) => {
    const field = spot.path.join('.')
    const wrong = [...ofAnotherType(spot.schema), ...beyondBounds(spot.schema)]
    return [...wrong, ...unstorableFor(body, spot)].map((raw) => ({
      what: `${field} = ${raw}`,
      field,
      json: withRaw(body, spot.path, raw),
    }))
  })

/** Each required field left out. */
export const withoutFields = (schema: JsonSchema, body: unknown): WrongBody[] =>
  spotsIn(schema)
    .filter(({ isRequired }) => isRequired)
    .map(({ path }) => {
      const field = path.join('.')
      return { what: `no ${field}`, field, json: JSON.stringify(replaced(body, path, undefined)) }
    })

/** Fields that clients must not set, and names with a meaning in JavaScript. */
const surplus = [
  ...['role', 'is_admin', 'user_id', 'owner_id', 'id', 'status', 'price', 'unit_price', 'stock'],
  ...['total_amount', 'created_at', 'constructor', 'toString', 'prototype', '', '$where'],
]

/** Each object of the body, the body itself among them, with a field more. */
export const withMoreFields = (schema: JsonSchema, body: unknown): WrongBody[] => {
  const objects = [{ path: [], schema }, ...spotsIn(schema)].filter((spot) =>
    listOf(spot.schema.type).includes('object'),
  )
  return objects.flatMap((spot) => {
    const known = new Set(propertiesOf(spot.schema).map(([name]) => name))
    const object = at(body, spot.path)
    return surplus.flatMap((name) => {
      if (known.has(name) || !isObject(object)) return []
      const field = [...spot.path, name].join('.')
      const more = { ...object, [name]: 1 }
      const json = JSON.stringify(replaced(body, spot.path, more))
      return [{ what: `also ${field}`, field: field || 'body', json }]
    })
  })
}
