import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@flash-deal/local/paths'

/** A statement of a service, for measurements of PostgreSQL without the service. */
export type Statement = { text: string; args: (string | number | null)[] }

type Value = Statement['args'][number]

/**
 * @param file below `db/`, without `.sql`: `order/queries/order_list`
 * @param given values by the names of the parameters; a missing one is null
 */
export const statementOf = (file: string, given: Readonly<Record<string, Value>>): Statement => {
  const names: string[] = []
  const text = filledIn(file, (name) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return { text, args: names.map((name) => given[name] ?? null) }
}

/** The same with SQL instead of parameters, for programs that cannot pass any. */
export const literalStatementOf = (file: string, given: Readonly<Record<string, string>>): string =>
  filledIn(file, (name) => given[name] ?? 'null')

const filledIn = (file: string, sqlOf: (parameter: string) => string): string =>
  readFileSync(join(root, 'db', `${file}.sql`), 'utf8').replace(
    /@(\w+)|sqlc\.n?arg\((\w+)\)/g,
    (_, bare?: string, named = '') => sqlOf(bare ?? named),
  )
