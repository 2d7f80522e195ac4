import type { FreshDatabase } from '@flash-deal/testing'
import { until } from '@flash-deal/testing'
import postgres from 'postgres'
import type { Test } from 'tap'

/** A connection that sees what product stored, holds locks, and moves a deal's window. */
export const adminOf = (t: Test, { adminUrl }: FreshDatabase): postgres.Sql => {
  const connection = { search_path: 'product' }
  const sql = postgres(adminUrl, { max: 4, onnotice: () => {}, connection })
  t.teardown(() => sql.end({ timeout: 1 }))
  return sql
}

/** The time of the database's clock, in milliseconds since 1970. */
export const clockOf = async (sql: postgres.Sql): Promise<number> => {
  const [row] = await sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`
  return row?.ms
}

/** Ends a deal's window without waiting for its end. */
export const endWindow = async (sql: postgres.Sql, dealId: string): Promise<void> => {
  await sql`
    update deals set
      starts_at = clock_timestamp() - interval '2 s', ends_at = clock_timestamp() - interval '1 s'
    where id = ${dealId}`
}

/** Waits until this many of the app's statements wait for a lock, or until `other` is settled. */
export const untilWaiting = async (
  sql: postgres.Sql,
  count: number,
  other?: Promise<unknown>,
): Promise<void> => {
  let isOver = false
  const end = () => {
    isOver = true
  }
  void other?.then(end, end)
  await until(async () => {
    const rows = await sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    return isOver || rows.length >= count
  })
}

type Change = (held: postgres.Sql) => Promise<unknown>

/** Holds a lock until the function that it returns is called; that may change something first. */
const holdLock = async (
  sql: postgres.Sql,
  lock: Change,
): Promise<(change?: Change) => Promise<void>> => {
  const held = await sql.reserve()
  await held`begin`
  await lock(held)
  return async (change) => {
    await change?.(held)
    await held`commit`
    held.release()
  }
}

export const lockRow = (sql: postgres.Sql, table: 'deals' | 'products', id: string) =>
  holdLock(sql, (held) => held`select id from ${held(table)} where id = ${id} for update`)

/** Another transaction inserts this order id and rolls back. */
export const lockKey = async (sql: postgres.Sql, orderId: string): Promise<() => Promise<void>> => {
  const unlock = await holdLock(
    sql,
    (held) => held`
      insert into reservations (order_id, state, expires_at) values (${orderId}, 'held', now())`,
  )
  return () => unlock((held) => held`delete from reservations where order_id = ${orderId}`)
}

/** Blocks all reads of products meanwhile. */
export const lockProducts = (sql: postgres.Sql) =>
  holdLock(sql, (held) => held`lock table products in access exclusive mode`)

/**
 * The number of deadlocks in PostgreSQL's statistics, read after all connections are closed. Product
 * repeats a transaction that was rolled back, so no response shows a deadlock.
 */
export const deadlocksIn = async (sql: postgres.Sql): Promise<number> => {
  await until(async () => {
    const others = await sql`
      select pid from pg_stat_activity
      where datname = current_database() and application_name = 'product'`
    return others.length === 0
  })
  const [row] = await sql`
    select deadlocks::int from pg_stat_database where datname = current_database()`
  return row?.deadlocks
}

/**
 * Units that are not accounted for: of a deal, allocated = remaining + held + confirmed + moved
 * back; of a product, supplied = stock + held + confirmed; of a buyer, units = held + confirmed.
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
