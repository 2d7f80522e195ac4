import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { DealGetForGateRow } from '../../../gen/queries.ts'

/**
 * The data of a deal in Redis: one hash, so that it exists completely or not at all.
 *
 * generation   the number of its load from PostgreSQL; absent before the first
 * product_id   of the deal
 * remaining    units; absent for a deal with too many units to be stored
 * limit        per buyer, or empty
 * buyer:<id>   units of a buyer whose orders are all in this hash, or `?`
 * order:<id>   an order that was granted since the load
 * returned     counts releases, so that a load detects those that it may have missed
 */
export type Counts = {
  generation: string
  product_id: string
  remaining: number
  limit: number | null
  /** Bought by the buyer of the order. */
  bought: number
}

type Names = { run: string; deal_id: string }
type Order = { order_id: string; user_id: string }

const keyOf = ({ run, deal_id }: Names): string => `gate:${run}:{${deal_id}}`

/**
 * The data of a deal that one order needs. Undefined if the deal is not loaded; `uncounted` if the deal
 * has too many units, or the order may already be held.
 */
export const countsFor = async (
  redis: Redis,
  names: Names,
  { order_id, user_id }: Order,
): Promise<Counts | 'uncounted' | undefined> => {
  const [generation, product_id, remaining, limit, bought, known] = await redis.hmget(
    keyOf(names),
    ...['generation', 'product_id', 'remaining', 'limit'],
    ...[`buyer:${user_id}`, `order:${order_id}`],
  )
  if (!generation || !product_id) return undefined
  if (!remaining || bought === '?' || known) return 'uncounted'
  return {
    generation,
    product_id,
    remaining: Number(remaining),
    limit: limit ? Number(limit) : null,
    bought: Number(bought ?? 0),
  }
}

/** Does nothing if the deal was loaded again, because that load may include the order. */
const noteGranted = `
if redis.call('hget', KEYS[1], 'generation') ~= ARGV[1] then return 0 end
if redis.call('hsetnx', KEYS[1], 'order:' .. ARGV[2], 1) == 0 then return 0 end
redis.call('hincrby', KEYS[1], 'buyer:' .. ARGV[3], ARGV[4])
redis.call('hincrby', KEYS[1], 'remaining', -ARGV[4])
return 1`

/** Subtracts units that PostgreSQL has granted; once per order. */
export const note = (
  redis: Redis,
  names: Names,
  { generation, order_id, user_id, units }: Order & { generation: string; units: number },
): Promise<unknown> =>
  redis.eval(noteGranted, 1, keyOf(names), generation, order_id, user_id, units)

const takeBack = `
if redis.call('exists', KEYS[1]) == 0 then return 0 end
redis.call('hincrby', KEYS[1], 'returned', 1)
if redis.call('hexists', KEYS[1], 'remaining') == 0 then return 0 end
redis.call('hincrby', KEYS[1], 'remaining', ARGV[2])
local bought = redis.call('hget', KEYS[1], 'buyer:' .. ARGV[1])
if bought and bought ~= '?' then redis.call('hincrby', KEYS[1], 'buyer:' .. ARGV[1], -ARGV[2]) end
return 1`

/** Adds units that PostgreSQL has released. */
export const giveBack = (
  redis: Redis,
  names: Names,
  { user_id, units }: { user_id: string; units: number },
): Promise<unknown> => redis.eval(takeBack, 1, keyOf(names), user_id, units)

/** The maximum duration of a load, in milliseconds. */
const loadingMs = 10_000

const beginLoading = `
redis.call('hsetnx', KEYS[1], 'returned', ARGV[1])
if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[2]) end
return redis.call('hget', KEYS[1], 'returned')`

/** Call it before PostgreSQL is read, and pass its result to `write`. */
export const begin = async (redis: Redis, names: Names): Promise<string> => {
  // If the hash is lost meanwhile, a new one does not begin with the same number.
  const first = Math.floor(Math.random() * 2 ** 40)
  return String(await redis.eval(beginLoading, 1, keyOf(names), first, loadingMs))
}

const writeIfNothingReturned = `
if redis.call('hget', KEYS[1], 'returned') ~= ARGV[1] then return 0 end
redis.call('del', KEYS[1])
redis.call('hset', KEYS[1], 'returned', ARGV[1], 'generation', ARGV[2], 'product_id', ARGV[3])
redis.call('hset', KEYS[1], 'limit', ARGV[4])
if ARGV[5] ~= '' then redis.call('hset', KEYS[1], 'remaining', ARGV[5]) end
for id in string.gmatch(ARGV[6], '[^,]+') do redis.call('hset', KEYS[1], 'buyer:' .. id, '?') end
redis.call('pexpire', KEYS[1], ARGV[7])
return 1`

export type Loaded = Omit<DealGetForGateRow, 'open_ms'> & {
  /** The result of `begin`. */
  returned: string
  /** The TTL, in milliseconds. */
  lifeMs: number
}

/** False if units were released since the load began, which it may not include. */
export const write = async (redis: Redis, names: Names, loaded: Loaded): Promise<boolean> => {
  const { returned, product_id, per_user_limit, is_small, remaining_stock, buyer_ids } = loaded
  const values = [
    ...[returned, randomUUID(), product_id, String(per_user_limit ?? '')],
    ...[is_small ? String(remaining_stock) : '', buyer_ids.join(), String(loaded.lifeMs)],
  ]
  return (await redis.eval(writeIfNothingReturned, 1, keyOf(names), ...values)) === 1
}

/** The remaining units of each deal in Redis; null if they are not known. */
export const remainingOf = async (
  redis: Redis,
  run: string,
  dealIds: readonly string[],
): Promise<(number | null)[]> => {
  const values = await Promise.all(
    dealIds.map((deal_id) => redis.hget(keyOf({ run, deal_id }), 'remaining')),
  )
  return values.map((value) => (value === null ? null : Number(value)))
}
