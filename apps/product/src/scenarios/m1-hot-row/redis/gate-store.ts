import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { DealGetForGateRow } from '../../../gen/queries.ts'

/**
 * What Redis holds of a deal: one hash, so that it is there as a whole or not at all.
 *
 * generation   of the loading from PostgreSQL that it stands on; not there before the first
 * product_id   of the deal
 * remaining    units; not there of a deal with too many to be watched
 * limit        per user, or nothing
 * buyer:<id>   units of somebody all of whose orders are known here, or `?`
 * order:<id>   an order that was granted since the loading
 * returned     counts what was given back, so that a loading notices what it has missed
 */
export type Counts = {
  generation: string
  product_id: string
  remaining: number
  limit: number | null
  /** By the buyer who asks. */
  bought: number
}

type Names = { run: string; deal_id: string }
type Order = { order_id: string; user_id: string }

const keyOf = ({ run, deal_id }: Names): string => `gate:${run}:{${deal_id}}`

/**
 * What matters of a deal to one order. Undefined where nothing is loaded; `uncounted` where the deal
 * is not watched, or the order may be one that is held already.
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

/** Nothing where another loading has taken its place, which may have seen the order already. */
const noteGranted = `
if redis.call('hget', KEYS[1], 'generation') ~= ARGV[1] then return 0 end
if redis.call('hsetnx', KEYS[1], 'order:' .. ARGV[2], 1) == 0 then return 0 end
redis.call('hincrby', KEYS[1], 'buyer:' .. ARGV[3], ARGV[4])
redis.call('hincrby', KEYS[1], 'remaining', -ARGV[4])
return 1`

/** Counts units that PostgreSQL has granted; the same order once. */
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

/** Counts units that PostgreSQL has released. */
export const giveBack = (
  redis: Redis,
  names: Names,
  { user_id, units }: { user_id: string; units: number },
): Promise<unknown> => redis.eval(takeBack, 1, keyOf(names), user_id, units)

/** How long a loading may take, in milliseconds. */
const loadingMs = 10_000

const beginLoading = `
redis.call('hsetnx', KEYS[1], 'returned', ARGV[1])
if redis.call('pttl', KEYS[1]) < 0 then redis.call('pexpire', KEYS[1], ARGV[2]) end
return redis.call('hget', KEYS[1], 'returned')`

/** To be called before PostgreSQL is read; returns what `write` has to be told. */
export const begin = async (redis: Redis, names: Names): Promise<string> => {
  // Where the hash is lost meanwhile, another one does not begin with the same number.
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
  /** What `begin` has returned. */
  returned: string
  /** How long it may be believed, in milliseconds. */
  lifeMs: number
}

/** False where something was given back since the loading began, of which it may not know. */
export const write = async (redis: Redis, names: Names, loaded: Loaded): Promise<boolean> => {
  const { returned, product_id, per_user_limit, is_small, remaining_stock, buyer_ids } = loaded
  const values = [
    ...[returned, randomUUID(), product_id, String(per_user_limit ?? '')],
    ...[is_small ? String(remaining_stock) : '', buyer_ids.join(), String(loaded.lifeMs)],
  ]
  return (await redis.eval(writeIfNothingReturned, 1, keyOf(names), ...values)) === 1
}

/** What is believed to remain of each deal; null where that is not known. */
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
