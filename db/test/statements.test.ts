import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { environment } from '@flash-deal/config'
import postgres, { type Sql } from 'postgres'
import t from 'tap'
import { dropDatabase, migrate, roleUrl } from '../migrate.ts'
import { elementType } from '../sqlc-plugin/types.ts'

/** sqlc analyses SQL without a server. This test compares its types with PostgreSQL's. */
const adminUrl = environment().TEST_DATABASE_URL ?? ''
const database = `statements_${process.pid}`

type Generated = { name: string; text: string; row: string[] | undefined; args: string[] }

/** Splits the generated file; each part begins with the constant of a statement. */
const generatedFor = (service: string): Generated[] => {
  const path = join(import.meta.dirname, '../../apps', service, 'src/gen/queries.ts')
  const [, ...blocks] = readFileSync(path, 'utf8').split(/^const /m)
  return blocks.map(generatedOf)
}

const generatedOf = (block: string): Generated => {
  const group = (pattern: RegExp): string | undefined => pattern.exec(block)?.[1]
  const row = group(/^export type \w+ = \{([^}]*)\}/m)
  return {
    name: group(/-- name: (\w+)/) ?? '',
    text: (group(/text: `((?:\\.|[^\\`])*)`,\n/) ?? '').replace(/\\(.)/g, '$1'),
    row: row === undefined ? undefined : members(row),
    args: members(group(/args: \{([^}]*)\}/) ?? '').map(typeOfMember),
  }
}

/** Without `| null`, because PostgreSQL does not report nullability. */
const members = (body: string): string[] =>
  body
    .split(/[;\n]/)
    .map((member) => member.replace(' | null', '').trim())
    .filter((member) => member !== '')

const typeOfMember = (member: string): string =>
  member
    .replace(/^\w+: /, '')
    .replace('readonly ', '')
    .replace('Uint8Array', 'Buffer')

/** The TypeScript type of a PostgreSQL type; the names of arrays begin with `_`. */
const typesOf = async (sql: Sql): Promise<Map<number, string>> => {
  const rows = await sql<{ oid: number; name: string; isEnum: boolean }[]>`
    select type.oid, type.typname as name, 'e' in (type.typtype, element.typtype) as "isEnum"
    from pg_type as type
    left join pg_type as element on element.oid = type.typelem`
  return new Map(rows.map(({ oid, name, isEnum }) => [oid, typescriptOf(name, isEnum)]))
}

const typescriptOf = (name: string, isEnum: boolean): string => {
  const isArray = name.startsWith('_')
  const type = isArray ? name.slice(1) : name
  const element = elementType({ type }, new Map(isEnum ? [[type, []]] : []))
  return `${element ?? type}${isArray ? '[]' : ''}`
}

await migrate({ adminUrl, database })
t.teardown(() => dropDatabase(adminUrl, database))

for (const service of ['auth', 'product', 'order'] as const) {
  t.test(`PostgreSQL and the code of ${service} agree on every statement`, async (t) => {
    const sql = postgres(roleUrl(`${service}_service`, { adminUrl, database }), { max: 1 })
    t.teardown(() => sql.end())
    const known = await typesOf(sql)
    const typeOf = (oid: number): string => known.get(oid) ?? 'nothing'
    for (const { name, text, row, args } of generatedFor(service)) {
      t.test(name, async (t) => {
        const { columns, types } = await sql.unsafe(text).describe()
        t.same(args, types.map(typeOf), 'parameters')
        const expected = columns.map((column) => `${column.name}: ${typeOf(column.type)}`)
        if (row) t.same(row, expected, 'columns')
      })
    }
  })
}
