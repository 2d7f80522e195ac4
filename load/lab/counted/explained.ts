import type { ISql } from 'postgres'
import type { Plan } from './plan.ts'

type Args = readonly (string | number | null)[]

/** Runs a statement, and returns how PostgreSQL did it. */
export const explained = async (sql: ISql, text: string, args: Args = []): Promise<Plan> =>
  (await explainedInTime(sql, text, args)).plan

/** With the milliseconds that it took there. */
export const explainedInTime = async (
  sql: ISql,
  text: string,
  args: Args = [],
): Promise<{ plan: Plan; tookMs: number }> => {
  const asked = `explain (analyze, buffers, wal, timing off, format json) ${text}`
  const [row] = await sql.unsafe<{ 'QUERY PLAN': [Explained] }[]>(asked, [...args])
  if (!row) throw new Error(`PostgreSQL did not say how it did this: ${text}`)
  const { Plan: plan, 'Execution Time': tookMs } = row['QUERY PLAN'][0]
  return { plan, tookMs }
}

type Explained = { Plan: Plan; 'Execution Time': number }
