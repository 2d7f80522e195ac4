import postgres, { type Row } from 'postgres'
import type { FreshDatabase } from './fresh-database.ts'

type Place = Pick<FreshDatabase, 'adminUrl'>

/** Runs a statement as the superuser, to read or to damage the data of services. */
export const asAdmin = async ({ adminUrl }: Place, statement: string): Promise<Row[]> => {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    return [...(await sql.unsafe(statement))]
  } finally {
    await sql.end()
  }
}

const tables = `
  select format('%I.%I', table_schema, table_name) as name from information_schema.tables
  where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`

/** Every table of every service → its row count and a digest of its rows. */
export const storedIn = async (database: Place): Promise<Map<string, string>> => {
  const each = (await asAdmin(database, tables)).map(
    ({ name }) => `
      select '${name}' as name, count(*) || ' rows ' ||
        md5(coalesce(string_agg(stored::text, ' ' order by stored::text), '')) as content
      from ${name} stored`,
  )
  const rows = await asAdmin(database, each.join(' union all '))
  return new Map(rows.map(({ name, content }) => [String(name), String(content)]))
}
