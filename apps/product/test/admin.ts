import { setTimeout as pause } from 'node:timers/promises'
import type { FreshDatabase } from '@flash-deal/testing'
import postgres from 'postgres'
import type { Test } from 'tap'

/** A connection that sees what product stored, holds locks, and moves a deal's window. */
export const adminOf = (t: Test, { adminUrl }: FreshDatabase): postgres.Sql => {
  const connection = { search_path: 'product' }
  const sql = postgres(adminUrl, { max: 4, onnotice: () => {}, connection })
  t.teardown(() => sql.end({ timeout: 1 }))
  return sql
}

/** Waits for what is not ours to announce; far longer than it can take. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not come to be in 10 s.')
    await pause(5)
  }
}

/** Ends a deal's window without waiting for its end. */
export const endWindow = async (sql: postgres.Sql, dealId: string): Promise<void> => {
  await sql`
    update deals set
      starts_at = clock_timestamp() - interval '2 s', ends_at = clock_timestamp() - interval '1 s'
    where id = ${dealId}`
}

/** Until so many of the app's statements wait for a lock. */
export const untilWaiting = (sql: postgres.Sql, count: number): Promise<void> =>
  until(async () => {
    const rows = await sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    return rows.length >= count
  })

/** Runs `work` while the rows of a table are locked by somebody else, or the whole table is. */
export const whileLocked = async (
  sql: postgres.Sql,
  lock: (tx: postgres.TransactionSql) => Promise<unknown>,
  work: () => Promise<unknown>,
): Promise<void> => {
  await sql.begin(async (tx) => {
    await lock(tx)
    await work()
  })
}

/**
 * Units that are not accounted for: of a deal, allocated = remaining + held + confirmed + moved
 * back; of a product, supplied = stock + held + confirmed; of a buyer, as many as the lines say.
 */
export const unaccounted = (sql: postgres.Sql) => sql`
  with taken as (
    select product_id, deal_id, user_id, quantity
    from reservation_lines join reservations using (order_id)
    where state in ('held', 'confirmed')
  )
  select 'deal' as what, id from deals
  where deal_stock <> remaining_stock + moved_back
    + (select coalesce(sum(quantity), 0) from taken where deal_id = deals.id)
  union all
  select 'product', id from products
  where supplied <> stock + (
    select coalesce(sum(quantity), 0) from taken
    where deal_id is null and product_id = products.id)
  union all
  select 'buyer', user_id from deal_buyers
  where units <> (
    select coalesce(sum(quantity), 0) from taken
    where deal_id = deal_buyers.deal_id and taken.user_id = deal_buyers.user_id)`
