import { type Acknowledged, answerFrom } from './acknowledged.ts'
import type { Facts } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** A key of a user, its order, and the time of the order, in milliseconds since 1970. */
type Use = { user: string; key: string; orderId: string; sinceMs: number }

/** Longer than the maximum duration of an attempt after it has claimed its key. */
const attemptMs = 300_000

/**
 * I4. A second order of a key may appear only in the response that a client received.
 * @param keptMs age at which claims are deleted; after that a key may belong to another order
 */
export const oneOrderPerKey = (
  facts: Facts,
  seen: readonly Acknowledged[],
  keptMs: number,
): Finding => {
  const { claims } = facts.order
  const claimed = claims.map((claim) => ({
    user: claim.user_id,
    key: claim.key,
    orderId: claim.order_id,
    sinceMs: facts.orderById.get(claim.order_id)?.created_ms ?? claim.created_ms,
  }))
  return finding({
    id: 'I4',
    title: 'One order per key',
    figures: {
      claims: claims.length,
      answered: claims.filter(({ answer }) => answer !== null).length,
    },
    offenders: [
      ...keysWithSeveral([...claimed, ...usesSeen(facts, seen)], keptMs - attemptMs),
      ...ordersWithSeveral(claimed),
      ...foreignAnswers(facts),
    ],
  })
}

const usesSeen = ({ orderById }: Facts, seen: readonly Acknowledged[]): Use[] =>
  seen.flatMap(({ orderId, key }) => {
    const { user_id: user, created_ms: sinceMs = 0 } = orderById.get(orderId) ?? {}
    return key !== undefined && user ? [{ user, key, orderId, sinceMs }] : []
  })

const keysWithSeveral = (uses: readonly Use[], apartMs: number): string[] => {
  const byKey = Map.groupBy(uses, ({ user, key }) => `key ${JSON.stringify(key)} of user ${user}`)
  return [...byKey].flatMap(([key, its]) => {
    const orders = ordersWithin(its, apartMs)
    return orders.length > 1 ? [`${key}: orders ${orders.join(', ')}`] : []
  })
}

/** The orders with another one of the same key before or after them within this time. */
const ordersWithin = (uses: readonly Use[], apartMs: number): string[] => {
  const sinceById = new Map(uses.map(({ orderId, sinceMs }) => [orderId, sinceMs]))
  const orders = [...sinceById].sort(([, one], [, other]) => one - other)
  const isNear = (index: number, [, since]: [string, number]): boolean => {
    const [, other = Number.NaN] = orders[index] ?? []
    return Math.abs(other - since) < apartMs
  }
  return orders
    .filter((order, index) => isNear(index - 1, order) || isNear(index + 1, order))
    .map(([id]) => id)
}

const ordersWithSeveral = (claimed: readonly Use[]): string[] =>
  [...Map.groupBy(claimed, ({ orderId }) => orderId)].flatMap(([orderId, its]) =>
    its.length > 1 ? [`order ${orderId}: it belongs to ${its.length} keys`] : [],
  )

/** I3 checks that the order exists. */
const foreignAnswers = ({ order, orderById }: Facts): string[] =>
  order.claims.flatMap(({ user_id, key, order_id, answer }) => {
    if (answer === null) return []
    const owner = orderById.get(order_id)?.user_id ?? user_id
    const isItsOwn = answerFrom(answer).id === order_id && owner === user_id
    return isItsOwn
      ? []
      : [
          `key ${JSON.stringify(key)} of user ${user_id}: its stored response is not that of their order ${order_id}`,
        ]
  })
