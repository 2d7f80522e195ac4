/**
 * Lists, as PostgreSQL reads and writes arrays. Left to itself, postgres.js asks for the ids of all
 * types of arrays on each new connection; where the connection breaks at that question, the promise
 * that it rejects is nobody's, and the process ends.
 *
 * @see https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */

/** A list as PostgreSQL reads it, whatever type it has there; a null in it stays one. */
export const listText = (values: readonly unknown[]): string =>
  `{${values.map((value) => (value === null ? 'null' : quoted(value))).join()}}`

const quoted = (value: unknown): string => `"${String(value).replace(/["\\]/g, '\\$&')}"`

/** By the id that PostgreSQL has built in: the only list that our statements answer. */
const uuids = 2951

/** Ids need no quotes. */
export const uuidList = {
  to: uuids,
  from: [uuids],
  serialize: String,
  parse: (list: string): string[] => (list === '{}' ? [] : list.slice(1, -1).split(',')),
}
