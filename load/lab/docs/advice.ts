import type { ScenarioId } from '@flash-deal/config'

/** Advice on each scenario, derived from its results. The tables beside it show the figures. */
export type Advice = {
  take: 'Take it' | 'Leave it' | 'Take it when'
  /** The rest of the sentence: the condition and the variant. */
  which: string
  /** The load and the data of the measurement. */
  measuredFor: string
  price: string
  /** Why `all` contains a scenario that is not recommended. */
  whyInAll?: string
}

/** The advice on measured scenarios. */
export const adviceOn: Partial<Record<ScenarioId, Advice>> = {
  E1: {
    take: 'Take it when',
    which:
      'the volume of WAL matters; no difference in the rate was found (one below 8.1 % could have been missed)',
    measuredFor: '16 clients insert into 1,000,000 products',
    price: 'an id reveals its time of creation',
  },
  E2: {
    take: 'Take it',
    which: '`memory` if stock may be a second old, `optimized` with many instances',
    measuredFor: '16 clients, 10 pages of 1,000 products, nearly all of them hits',
    price: 'stock is up to 1 s (`memory`) or 60 s (`optimized`, with a Redis) old',
  },
  E3: {
    take: 'Take it',
    which: '`memory`, or `optimized` with many instances',
    measuredFor: '16 clients, 5 pages of 100 open deals, nearly all of them hits',
    price: 'the remaining stock in the list is up to two seconds old',
  },
  E4: {
    take: 'Take it',
    which: '`batch`',
    measuredFor: '16 clients, pages of 50 orders with three lines, 20 buyers',
    price: 'none',
  },
  E5: {
    take: 'Leave it',
    which:
      'a second pool did not change the rate; more connections than the default cost throughput',
    measuredFor: '64 clients on one core, nine of ten requests read one product of 1,000',
    price: 'a second pool of connections for each service',
    whyInAll:
      'no difference in the rate was found (one below 5.6 % could have been missed), and quick statements do not wait behind slow ones',
  },
  E6: {
    take: 'Take it when',
    which:
      'clients are on mobile networks: `optimized`, together with E2; the others cost most of the rate',
    measuredFor: '4 clients, pages of 100 products of about 5 KB, all of them hits',
    price: 'memory for a compressed copy of each page',
  },
  E7: {
    take: 'Take it when',
    which: 'the catalogue is large: `optimized`; from which size on was not measured',
    measuredFor: '2 clients, 1,000,000 products',
    price: 'the total may be seconds old',
  },
  M1: {
    take: 'Take it',
    which: '`conditional`, or `optimized` where one deal needs more; never `redlock`',
    measuredFor: '64 clients buy one unit each of one deal',
    price: '`optimized` keeps its queue in the memory of the process',
  },
  M3: {
    take: 'Take it',
    which: '`optimized`',
    measuredFor: '2 clients, pages of one buyer out of 1,000,000 orders',
    price: 'each insert of an order also writes the indexes',
  },
  M2: {
    take: 'Take it',
    which: '`optimized`, with M6',
    measuredFor: '16 clients read their own orders through the gateway, with one RS256 token',
    price: '2.2 MB for 10,000 tokens in each gateway',
  },
  M4: {
    take: 'Take it',
    which:
      '`optimized`; for requests that it admits, no difference in the rate was found (one below 9.6 % could have been missed)',
    measuredFor: '16 clients with one address and tokens of 100 users read their own orders',
    price: 'users who share an address share its limit',
  },
  M5: {
    take: 'Take it',
    which:
      '`optimized`, whenever order and product are separate processes; its cost while product works has no verdict yet',
    measuredFor:
      '64 clients order from one deal, sent directly to order, stock taken in batches (M1)',
    price: 'while product fails, orders get 503 that would have waited for it',
  },
  M6: {
    take: 'Take it',
    which: '`optimized`: no request calls auth, where each did',
    measuredFor: '16 clients read their own orders through the gateway, tokens of 100 users',
    price: 'a retired key is accepted for up to 30 s',
  },
  M7: {
    take: 'Take it',
    which: '`optimized`',
    measuredFor: '64 clients order from one sold-out deal, sent directly to product',
    price: 'units that are returned can be refused for up to 250 ms more',
  },
  M8: {
    take: 'Take it',
    which: '`optimized`, together with M1 `optimized` or `redis`',
    measuredFor:
      '64 clients order from one deal, sent directly to order, stock taken in batches (M1)',
    price: 'a queue in the memory of each order process',
  },
  M9: {
    take: 'Take it when',
    which:
      'displayed stock may be a second old: `optimized` answers nearly all reads at the gateway',
    measuredFor: '16 clients, 10 pages of 1,000 products, through the gateway',
    price: 'products and deals are up to 1 s old; at most 64 MiB in each gateway',
  },
  H1: {
    take: 'Take it',
    which: '`optimized`, if several orders of one deal are in flight at a time',
    measuredFor:
      '64 clients order from one deal, sent directly to order, stock taken in batches (M1)',
    price: 'a call returns when its slowest reservation is decided',
  },
  H2: {
    take: 'Take it when',
    which:
      'orders have to be accepted while product is slow or away: `queue-first`, not measured; `optimized` is faster because it stores orders in batches, which M8 does without Kafka',
    measuredFor:
      '64 clients order from one deal, sent directly to order, stock taken in batches (M1, H1)',
    price: 'a Kafka, and a response before the order is confirmed',
  },
  H3: {
    take: 'Take it when',
    which:
      'instances of auth have to be small (28 MB instead of 94) or to start quickly; the cheapest request takes more CPU than in Node, and hashing, signing and queries have no verdict yet',
    measuredFor: '16 clients read the public keys from auth, on one core',
    price: 'a second language',
  },
  H4: {
    take: 'Take it when',
    which:
      'instances of order have to be small (32 MB at their peak instead of 130) or to start quickly; no difference in the rate of orders was found (one below 8.2 % could have been missed)',
    measuredFor:
      '64 clients order from one deal, sent directly to order, stock taken in batches (M1)',
    price: 'a second language',
  },
  H5: {
    take: 'Take it',
    which:
      '`optimized`: it halves the cost of a request in the [layers of the gateway](performance.md#the-layers-of-the-gateway); the machine was too noisy for a verdict on its rate',
    measuredFor: '16 clients read their own orders through the gateway, tokens of 100 users',
    price: 'none',
  },
}

/** One clause: `**Take it**: …`. */
export const adviceClause = (id: ScenarioId): string => {
  const advice = adviceOn[id]
  return advice
    ? `**${advice.take}**${separator(advice)} ${advice.which}`
    : 'no advice before it is measured'
}

const separator = ({ take }: Advice): string => (take === 'Take it when' ? '' : ':')

/** For the section of a scenario. */
export const adviceText = (id: ScenarioId): string[] => {
  const advice = adviceOn[id]
  if (advice === undefined) return []
  const why = advice.whyInAll ? ` \`SCENARIOS=all\` includes it: ${advice.whyInAll}.` : ''
  return [`${adviceClause(id)}. Measured for: ${advice.measuredFor}. Price: ${advice.price}.${why}`]
}
