import type { Stack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import { findPgbench, pgbenchRate } from '../counted/pgbench.ts'
import { repeated, type Trial } from '../counted/repeated.ts'
import { literalStatementOf } from '../counted/statement.ts'
import { cpuUsOf, endedChildrenUs, familyOf } from '../probes/cpu.ts'
import type { Counted } from '../record.ts'
import { sum } from '../stats/mean.ts'
import type { Extent } from './subject.ts'

/** The cost of PostgreSQL alone for a page of orders: the statement of `optimized`. */

const extents = { full: { seconds: 5, runs: 5 }, smoke: { seconds: 1, runs: 1 } }

/** The seed of the order of runs. */
const seed = 4

const everyOrder = { created_from: 'null::timestamptz', created_to: 'null::timestamptz' }

/** Empty without pgbench. */
export const pageByPgbench = async (
  stack: Stack,
  extent: Extent,
  size: number,
): Promise<Counted[]> => {
  const program = findPgbench()
  if (program === undefined) return []
  const [buyer = ''] = await buyersOf(stack.adminUrl)
  const given = { ...everyOrder, user_id: `'${buyer}'`, page: '1', size: `${size}`, skip: '0' }
  const statement = literalStatementOf('order/queries/order_page', given)
  const options = {
    ...{ statement, url: stack.adminUrl, schema: 'orders' },
    ...{ connections: 1, seconds: extents[extent].seconds },
  }
  const trial: Trial = {
    table: 'The statement of optimized by pgbench, without a service',
    row: 'one connection',
    run: async () => {
      const before = cpuUsOfPostgres(stack)
      const rate = await pgbenchRate(program, options)
      const usedUs = cpuUsOfPostgres(stack) - before
      const pages = rate * options.seconds
      return {
        figures: { 'pages a second': rate, 'CPU of PostgreSQL for a page, µs': usedUs / pages },
      }
    },
  }
  return repeated([trial], seed, extents[extent].runs)
}

/** Includes its backends, also those that have ended. */
const cpuUsOfPostgres = ({ supervisor }: Stack): number => {
  const pid = supervisor.pid('postgres')
  const pids = pid === undefined ? [] : familyOf(pid)
  return cpuUsOf(pids) + sum(pids.map(endedChildrenUs))
}

/** Users with orders. */
export const buyersOf = async (adminUrl: string): Promise<string[]> => {
  const sql = postgres(adminUrl, { max: 1 })
  try {
    const rows = await sql<{ user_id: string }[]>`
      select distinct user_id from orders.orders where user_id is not null order by user_id`
    return rows.map(({ user_id }) => user_id)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
