/** sqlc's analysis of a service's queries, reduced to what the generator uses. */
export type GenerateRequest = {
  /** From the root of the repository: db/product/queries. */
  folder: string
  enums: Enums
  queries: readonly Query[]
}

/** The values of each enum type, by its name. */
export type Enums = ReadonlyMap<string, readonly string[]>

export type Query = {
  name: string
  /** `:one`, `:many`, … from the annotation. */
  command: string
  text: string
  file: string
  comments: readonly string[]
  columns: readonly Field[]
  parameters: readonly Parameter[]
}

export type Field = {
  name: string
  type: string
  notNull: boolean
  isArray: boolean
  /** `sqlc.embed(…)` and `sqlc.slice(…)`, which prepared statements do not support. */
  isMacro: boolean
  /** An arithmetic expression, whose type sqlc guesses. */
  isGuess: boolean
}

export type Parameter = Field & { number: number }

type Json = Record<string, unknown>

/** @throws TypeError if sqlc uses another version of the protocol */
export const parseRequest = (message: unknown): GenerateRequest => {
  const { settings, catalog, queries } = objectOf(message, 'request')
  const [folder] = listOf(objectOf(settings, 'settings').queries, 'settings.queries')
  return {
    folder: `db/${stringOf(folder, 'settings.queries')}`,
    enums: new Map(listOf(objectOf(catalog, 'catalog').schemas, 'schemas').flatMap(enumsOf)),
    queries: listOf(queries, 'queries').map(queryOf),
  }
}

const enumsOf = (schema: unknown): [string, string[]][] =>
  listOf(objectOf(schema, 'schema').enums, 'enums').map((item) => {
    const { name, vals } = objectOf(item, 'enum')
    const values = listOf(vals, 'enum.vals').map((value) => stringOf(value, 'enum value'))
    return [stringOf(name, 'enum.name'), values]
  })

const queryOf = (message: unknown): Query => {
  const query = objectOf(message, 'query')
  return {
    name: stringOf(query.name, 'query.name'),
    command: stringOf(query.cmd, 'query.cmd'),
    text: stringOf(query.text, 'query.text'),
    file: stringOf(query.filename, 'query.filename'),
    comments: listOf(query.comments, 'query.comments').map((line) => stringOf(line, 'comment')),
    columns: listOf(query.columns, 'query.columns').map(fieldOf),
    parameters: listOf(query.params, 'query.params').map(parameterOf).toSorted(byNumber),
  }
}

const parameterOf = (message: unknown): Parameter => {
  const { column, number } = objectOf(message, 'parameter')
  if (typeof number !== 'number') throw new TypeError(unexpected('parameter.number'))
  return { ...fieldOf(column), number }
}

const byNumber = (one: Parameter, other: Parameter): number => one.number - other.number

const fieldOf = (message: unknown): Field => {
  const column = objectOf(message, 'column')
  const type = objectOf(column.type ?? { name: '' }, 'column.type')
  const name = stringOf(type.name, 'type.name')
  return {
    name: stringOf(column.name, 'column.name'),
    // Parameters have the schema in the name, columns in a separate field.
    type: name.slice(name.lastIndexOf('.') + 1),
    notNull: column.not_null === true,
    isArray: column.is_array === true,
    isMacro: column.is_sqlc_slice === true || Boolean(column.embed_table),
    // Columns and casts are `pg_catalog.int4`; arithmetic of any type is an unqualified `int`.
    isGuess: name === 'int' && !type.schema,
  }
}

const objectOf = (value: unknown, what: string): Json => {
  if (typeof value !== 'object' || value === null) throw new TypeError(unexpected(what))
  return value as Json
}

/** sqlc writes an absent list as null. */
const listOf = (value: unknown, what: string): readonly unknown[] => {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError(unexpected(what))
  return value
}

const stringOf = (value: unknown, what: string): string => {
  if (typeof value !== 'string') throw new TypeError(unexpected(what))
  return value
}

const unexpected = (what: string): string =>
  `sqlc sent no usable ${what}. Use the sqlc version that db/sqlc/find-sqlc.ts pins.`
