import type { Enums, Field } from './request.ts'

/** PostgreSQL's types, by every name sqlc has for them, as postgres.js reads and writes them. */
const sqlTypes = {
  string: ['uuid', 'text', 'varchar', 'character varying', 'citext'],
  number: [
    ['smallint', 'int2', 'smallserial', 'serial2'],
    ['integer', 'int', 'int4', 'serial', 'serial4'],
    // Parsed into a safe integer, or an error: packages/db sees to it.
    ['bigint', 'int8', 'bigserial', 'serial8'],
    ['real', 'float4', 'float', 'double precision', 'float8'],
  ].flat(),
  boolean: ['bool', 'boolean'],
  // `timestamp with time zone`, as uncast now() has it, is left out: Go gets `interface{}` for it.
  Date: ['timestamptz', 'timestamp', 'date'],
  unknown: ['json', 'jsonb'],
  Buffer: ['bytea'],
}

const typescriptTypes = new Map(
  Object.entries(sqlTypes).flatMap(([type, names]) => names.map((name) => [name, type])),
)

/** The TypeScript type of one value, or nothing where there is none for the SQL type. */
export const elementType = (field: Pick<Field, 'type'>, enums: Enums): string | undefined =>
  enums.has(field.type) ? enumTypeName(field.type) : typescriptTypes.get(field.type)

/** `order_status` → `OrderStatus`. */
export const enumTypeName = (name: string): string =>
  name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The type a column is read with. */
export const columnType = (field: Field, enums: Enums): string => {
  const element = elementType(field, enums) ?? 'unknown'
  return orNull(field, field.isArray ? `${element}[]` : element)
}

/** The type an argument is given with: as wide as the driver takes it. */
export const argumentType = (field: Field, enums: Enums): string => {
  const read = elementType(field, enums) ?? 'unknown'
  const element = read === 'Buffer' ? 'Uint8Array' : read
  return orNull(field, field.isArray ? `readonly ${element}[]` : element)
}

const orNull = (field: Field, type: string): string =>
  field.notNull || type === 'unknown' ? type : `${type} | null`
