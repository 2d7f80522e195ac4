import type { Enums, Field } from './request.ts'

/** The TypeScript types of postgres.js by the names that sqlc uses for PostgreSQL's types. */
const sqlTypes = {
  string: ['uuid', 'text', 'varchar', 'character varying', 'citext'],
  number: [
    ['smallint', 'int2', 'smallserial', 'serial2'],
    ['integer', 'int', 'int4', 'serial', 'serial4'],
    // packages/db parses it into a safe integer, or throws.
    ['bigint', 'int8', 'bigserial', 'serial8'],
    ['real', 'float4', 'float', 'double precision', 'float8'],
  ].flat(),
  boolean: ['bool', 'boolean'],
  // `timestamp with time zone`, the type of an uncast now(), is missing: in Go it is `interface{}`.
  Date: ['timestamptz', 'timestamp', 'date'],
  unknown: ['json', 'jsonb'],
  Buffer: ['bytea'],
}

const typescriptTypes = new Map(
  Object.entries(sqlTypes).flatMap(([type, names]) => names.map((name) => [name, type])),
)

/** The TypeScript type of one value; undefined for an unsupported SQL type. */
export const elementType = (field: Pick<Field, 'type'>, enums: Enums): string | undefined =>
  enums.has(field.type) ? enumTypeName(field.type) : typescriptTypes.get(field.type)

/** `order_status` → `OrderStatus`. */
export const enumTypeName = (name: string): string =>
  name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The type of a column in a row. */
export const columnType = (field: Field, enums: Enums): string => {
  const element = elementType(field, enums) ?? 'unknown'
  return orNull(field, field.isArray ? `${element}[]` : element)
}

/** The type of an argument: as wide as the driver accepts. */
export const argumentType = (field: Field, enums: Enums): string => {
  const read = elementType(field, enums) ?? 'unknown'
  const element = read === 'Buffer' ? 'Uint8Array' : read
  return orNull(field, field.isArray ? `readonly ${element}[]` : element)
}

const orNull = (field: Field, type: string): string =>
  field.notNull || type === 'unknown' ? type : `${type} | null`
