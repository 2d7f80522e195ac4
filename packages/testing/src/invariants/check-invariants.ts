import type { Acknowledged } from './acknowledged.ts'
import { acknowledgedFound } from './acknowledged-found.ts'
import { allDecided } from './all-decided.ts'
import { allSold, type Demand } from './all-sold.ts'
import { buyersCounted } from './buyers-counted.ts'
import { factsOf } from './facts.ts'
import type { Finding } from './finding.ts'
import { limitPerUser } from './limit-per-user.ts'
import { neverOversold } from './never-oversold.ts'
import { oneOrderAKey } from './one-order-a-key.ts'
import { ordersHaveStock } from './orders-have-stock.ts'
import { outboxDrained } from './outbox-drained.ts'
import { type Patience, settledInTime } from './settled-in-time.ts'
import { type Addresses, readSnapshot } from './snapshot.ts'
import { unitsBalance } from './units-balance.ts'

export type Check = Addresses & {
  /** What clients were answered with a 2xx; the answers that keys have are added to it. */
  acknowledged?: readonly Acknowledged[]
  /** Nobody buys any more, and relay and sweep have had their time. */
  atRest: boolean
  /** By default one sweep as services have it, and no grace. */
  patience?: Partial<Patience>
  /** Age at which order deletes claims, in milliseconds; as services have it by default. */
  claimsKeptMs?: number
  /** For I8, which is asked with it only: a run without faults, at rest. */
  demand?: Demand
  /** For I9, which is asked with it only: ids of orders that were accepted, after the drain. */
  accepted?: readonly string[]
}

/** Every invariant with its figures, read from both services through their own roles. */
export const checkInvariants = async (check: Check): Promise<Finding[]> => {
  const { acknowledged = [], atRest, claimsKeptMs = 86_400_000, demand, accepted } = check
  const facts = factsOf(await readSnapshot(check))
  return [
    neverOversold(facts),
    unitsBalance(facts),
    buyersCounted(facts),
    acknowledgedFound(facts, acknowledged),
    oneOrderAKey(facts, acknowledged, claimsKeptMs),
    limitPerUser(facts),
    settledInTime(facts, { sweepMs: 1_000, graceMs: 0, ...check.patience }),
    ordersHaveStock(facts, atRest),
    outboxDrained(facts, atRest),
    ...(demand ? [allSold(facts, demand)] : []),
    ...(accepted ? [allDecided(facts, accepted)] : []),
  ]
}

/** What breaks them, a line each; none where all is well. */
export const brokenInvariants = async (check: Check): Promise<string[]> =>
  (await checkInvariants(check)).flatMap(({ id, title, offenders }) =>
    offenders.map((offender) => `${id} ${title}. ${offender}`),
  )
