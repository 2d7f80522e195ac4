import type { Operation } from './clients.ts'
import type { Offer } from './offer.ts'
import type { Units } from './plan.ts'
import type { Kind } from './purchase.ts'
import { describeReply, orderIdOf } from './replies.ts'
import type { Replay } from './resolve.ts'

/** Compares the responses that clients received with what the API returns at the end of a round. */

export type Evidence = {
  offer: Pick<Offer, 'units'>
  /** Each with its last reply. */
  operations: readonly Operation[]
  replays: readonly Replay[]
  /** By order id: the order's status, or the HTTP status of an error. */
  orders: ReadonlyMap<string, string>
  left: Units
}

/** One sentence per contradiction; empty if there is none. */
export const contradictions = (evidence: Evidence): string[] => [
  ...evidence.operations.flatMap(unresolved),
  ...evidence.replays.flatMap(differentReplay),
  ...wrongStatuses(evidence),
  ...wrongStock(evidence),
]

const unresolved = ({ call, purchase, outcome, reply }: Operation): string[] => {
  const operation = `Key ${purchase.key}: ${call}`
  if (outcome === 'unknown')
    return [`${operation} has no definite outcome; the last reply is ${describeReply(reply)}`]
  return outcome === 'unexpected'
    ? [`${operation} received the unexpected reply ${describeReply(reply)}`]
    : []
}

const differentReplay = ({ first, again }: Replay): string[] => {
  const [before, after] = [first, again].map(({ reply }) => JSON.stringify(reply))
  return before === after
    ? []
    : [`Key ${first.purchase.key}: a replay returned ${after} instead of ${before}`]
}

/** A refused cancel means that an earlier attempt succeeded: only the buyer cancels. */
const cancelledBy = (operations: readonly Operation[]): ReadonlySet<string> =>
  new Set(
    operations
      .filter(({ call, outcome }) => call === 'cancelOrder' && isDefinite(outcome))
      .map(({ purchase }) => purchase.key),
  )

const isDefinite = (outcome: Operation['outcome']): boolean =>
  outcome === 'ok' || outcome === 'refused'

export const acknowledgedOrders = (operations: readonly Operation[]): Operation[] =>
  operations.filter(({ call, outcome }) => call === 'createOrder' && outcome === 'ok')

const wrongStatuses = ({ operations, orders }: Evidence): string[] => {
  const cancelled = cancelledBy(operations)
  return acknowledgedOrders(operations).flatMap(({ purchase, reply }) => {
    const id = orderIdOf(reply)
    const expected = cancelled.has(purchase.key) ? 'cancelled' : 'confirmed'
    const actual = orders.get(id) ?? 'missing'
    return actual === expected ? [] : [`Order ${id}: expected ${expected}, found ${actual}`]
  })
}

const wrongStock = ({ offer, operations, left }: Evidence): string[] =>
  (['deal', 'product'] as const).flatMap((kind) => {
    const [sold, missing] = [unitsSold(operations, kind), offer.units[kind] - left[kind]]
    return sold === missing ? [] : [`The ${kind}: ${sold} units sold, stock is ${missing} lower`]
  })

/** Units of the acknowledged orders that are not cancelled; each order counts once. */
const unitsSold = (operations: readonly Operation[], kind: Kind): number => {
  const cancelled = cancelledBy(operations)
  const orders = acknowledgedOrders(operations)
    .filter(({ purchase }) => purchase.kinds.includes(kind) && !cancelled.has(purchase.key))
    .map(({ purchase, reply }): [string, number] => [orderIdOf(reply), purchase.quantity])
  return new Map(orders).values().reduce((units, quantity) => units + quantity, 0)
}
