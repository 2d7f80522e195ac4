import type { ISql } from 'postgres'
import type { Plan } from './plan.ts'

type Args = readonly (string | number | null)[]

/** Runs a statement, and returns its plan with actual figures. */
export const explained = async (sql: ISql, text: string, args: Args = []): Promise<Plan> =>
  (await explainedInTime(sql, text, args)).plan

/** The same, with PostgreSQL's execution time in milliseconds. */
export const explainedInTime = async (
  sql: ISql,
  text: string,
  args: Args = [],
): Promise<{ plan: Plan; tookMs: number }> => {
  const statement = `explain (analyze, buffers, wal, timing off, format json) ${text}`
  const [row] = await sql.unsafe<{ 'QUERY PLAN': [Explained] }[]>(statement, [...args])
  if (!row) throw new Error(`PostgreSQL returned no plan for: ${text}`)
  const { Plan: plan, 'Execution Time': tookMs } = row['QUERY PLAN'][0]
  return { plan, tookMs }
}

type Explained = { Plan: Plan; 'Execution Time': number }
