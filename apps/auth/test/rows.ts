import type { FreshDatabase } from '@flash-deal/testing'
import postgres, { type Row } from 'postgres'

/** Runs a statement behind auth's back, to see what it has stored or to let time pass in it. */
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
