import { inWords, orderIdOf } from './answers.ts'
import type { Operation } from './clients.ts'
import type { Units } from './plan.ts'
import type { Kind } from './purchase.ts'
import type { Replay } from './resolve.ts'
import type { Goods } from './shop.ts'

/** What clients know at the end of a round, against what the system then says through its door. */

export type Evidence = {
  goods: Pick<Goods, 'units'>
  /** Each with its last answer. */
  operations: readonly Operation[]
  replays: readonly Replay[]
  /** By order id: the status that its owner reads, or the status code of a refusal. */
  orders: ReadonlyMap<string, string>
  left: Units
}

/** A sentence for each contradiction; none where clients were told the truth. */
export const contradictions = (evidence: Evidence): string[] => [
  ...evidence.operations.flatMap(indefinite),
  ...evidence.replays.flatMap(differing),
  ...misread(evidence),
  ...miscounted(evidence),
]

const indefinite = ({ call, purchase, outcome, reply }: Operation): string[] => {
  const what = `Key ${purchase.key}: ${call}`
  if (outcome === 'unknown')
    return [`${what} got no definite answer, the last is ${inWords(reply)}`]
  return outcome === 'unexpected'
    ? [`${what} was answered ${inWords(reply)}, which nothing explains`]
    : []
}

const differing = ({ first, again }: Replay): string[] => {
  const [before, after] = [first, again].map(({ reply }) => JSON.stringify(reply))
  return before === after
    ? []
    : [`Key ${first.purchase.key}: sent again, it was answered ${after} and not ${before}`]
}

/** A cancel that was refused was done by an attempt before it: nobody else cancels. */
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

const misread = ({ operations, orders }: Evidence): string[] => {
  const cancelled = cancelledBy(operations)
  return acknowledgedOrders(operations).flatMap(({ purchase, reply }) => {
    const id = orderIdOf(reply)
    const told = cancelled.has(purchase.key) ? 'cancelled' : 'confirmed'
    const read = orders.get(id) ?? 'nothing'
    return read === told ? [] : [`Order ${id}: its buyer was told ${told} and reads ${read}`]
  })
}

const miscounted = ({ goods, operations, left }: Evidence): string[] =>
  (['deal', 'product'] as const).flatMap((kind) => {
    const [told, gone] = [unitsTold(operations, kind), goods.units[kind] - left[kind]]
    return told === gone ? [] : [`The ${kind}: buyers were told of ${told} units, ${gone} are gone`]
  })

/** Units of the orders that were acknowledged and not cancelled; of one that many were told of, once. */
const unitsTold = (operations: readonly Operation[], kind: Kind): number => {
  const cancelled = cancelledBy(operations)
  const orders = acknowledgedOrders(operations)
    .filter(({ purchase }) => purchase.wants.includes(kind) && !cancelled.has(purchase.key))
    .map(({ purchase, reply }): [string, number] => [orderIdOf(reply), purchase.quantity])
  return new Map(orders).values().reduce((units, quantity) => units + quantity, 0)
}
