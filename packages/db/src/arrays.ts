/**
 * Arrays in PostgreSQL's text format. By default, postgres.js queries the ids of all array types on
 * each new connection. If the connection breaks during that query, postgres.js rejects a promise
 * that no code handles, and the process exits.
 *
 * @see https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */

/** An array as PostgreSQL parses it, for any element type. Nulls stay nulls. */
export const arrayText = (values: readonly unknown[]): string =>
  `{${values.map((value) => (value === null ? 'null' : quoted(value))).join()}}`

const quoted = (value: unknown): string => `"${String(value).replace(/["\\]/g, '\\$&')}"`

/** PostgreSQL's id of `uuid[]`, the only array type that our statements return. */
const uuids = 2951

/** UUIDs need no quotes. */
export const uuidArray = {
  to: uuids,
  from: [uuids],
  serialize: String,
  parse: (list: string): string[] => (list === '{}' ? [] : list.slice(1, -1).split(',')),
}
