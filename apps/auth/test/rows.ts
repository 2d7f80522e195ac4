import type { FreshDatabase } from '@flash-deal/testing'
import postgres, { type Row } from 'postgres'

/** Runs a statement directly in auth's database, to read what it stored or to change its times. */
export const asAdmin = async (database: FreshDatabase, statement: string): Promise<Row[]> => {
  const sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} })
  try {
    return [...(await sql.unsafe(statement))]
  } finally {
    await sql.end()
  }
}

export const rowsOf = (database: FreshDatabase, table: string): Promise<Row[]> =>
  asAdmin(database, `select * from auth.${table} order by 1`)
