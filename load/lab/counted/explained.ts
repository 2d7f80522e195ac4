import type { ISql } from 'postgres'
import type { Plan } from './plan.ts'

/** Runs a statement, and returns how PostgreSQL did it. */
export const explained = async (
  sql: ISql,
  text: string,
  args: readonly (string | number | null)[] = [],
): Promise<Plan> => {
  const asked = `explain (analyze, buffers, wal, timing off, format json) ${text}`
  const [row] = await sql.unsafe<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(asked, [...args])
  if (!row) throw new Error(`PostgreSQL did not say how it did this: ${text}`)
  return row['QUERY PLAN'][0].Plan
}
