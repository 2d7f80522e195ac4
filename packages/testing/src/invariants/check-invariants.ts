import type { Acknowledged } from './acknowledged.ts'
import { acknowledgedFound } from './acknowledged-found.ts'
import { allDecided } from './all-decided.ts'
import { allSold, type Demand } from './all-sold.ts'
import { buyersCounted } from './buyers-counted.ts'
import { factsOf } from './facts.ts'
import type { Finding } from './finding.ts'
import { limitPerUser } from './limit-per-user.ts'
import { neverOversold } from './never-oversold.ts'
import { oneOrderPerKey } from './one-order-per-key.ts'
import { ordersHaveStock } from './orders-have-stock.ts'
import { outboxDrained } from './outbox-drained.ts'
import { type Patience, settledInTime } from './settled-in-time.ts'
import { type Addresses, readSnapshot } from './snapshot.ts'
import { unitsBalance } from './units-balance.ts'

export type Check = Addresses & {
  /** The 2xx responses that clients received. The stored responses of keys are added to them. */
  acknowledged?: readonly Acknowledged[]
  /** No purchase is in progress, and relay and sweep have completed. */
  atRest: boolean
  /** By default one sweep interval of the services, and no grace. */
  patience?: Partial<Patience>
  /** Age at which order deletes claims, in milliseconds; the default of the services. */
  claimsKeptMs?: number
  /** For I8, which is checked only if it is given: a run without faults, at rest. */
  demand?: Demand
  /** For I9, which is checked only if it is given: ids of accepted orders, after the drain. */
  accepted?: readonly string[]
}

/** Checks every invariant on the data of both services, read through their own roles. */
export const checkInvariants = async (check: Check): Promise<Finding[]> => {
  const { acknowledged = [], atRest, claimsKeptMs = 86_400_000, demand, accepted } = check
  const facts = factsOf(await readSnapshot(check))
  return [
    neverOversold(facts),
    unitsBalance(facts),
    buyersCounted(facts),
    acknowledgedFound(facts, acknowledged),
    oneOrderPerKey(facts, acknowledged, claimsKeptMs),
    limitPerUser(facts),
    settledInTime(facts, { sweepMs: 1_000, graceMs: 0, ...check.patience }),
    ordersHaveStock(facts, atRest),
    outboxDrained(facts, atRest),
    ...(demand ? [allSold(facts, demand)] : []),
    ...(accepted ? [allDecided(facts, accepted)] : []),
  ]
}

/** One line per violation; empty if all invariants hold. */
export const brokenInvariants = async (check: Check): Promise<string[]> =>
  (await checkInvariants(check)).flatMap(({ id, title, offenders }) =>
    offenders.map((offender) => `${id} ${title}. ${offender}`),
  )
