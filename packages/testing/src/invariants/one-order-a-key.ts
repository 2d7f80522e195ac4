import { type Acknowledged, answerFrom } from './acknowledged.ts'
import type { Facts } from './facts.ts'
import { type Finding, finding } from './finding.ts'

/** A key of a user, and an order that stands under it. */
type Use = { user: string; key: string; orderId: string }

/** I4. A key's other order may be known to nobody but the client who was given it. */
export const oneOrderAKey = (facts: Facts, seen: readonly Acknowledged[]): Finding => {
  const { claims } = facts.order
  const claimed = claims.map((claim) => ({
    user: claim.user_id,
    key: claim.key,
    orderId: claim.order_id,
  }))
  return finding({
    id: 'I4',
    title: 'One order a key',
    figures: {
      claims: claims.length,
      answered: claims.filter(({ answer }) => answer !== null).length,
    },
    offenders: [
      ...keysWithSeveral([...claimed, ...usesSeen(facts, seen)]),
      ...ordersWithSeveral(claimed),
      ...foreignAnswers(facts),
    ],
  })
}

const usesSeen = ({ orderById }: Facts, seen: readonly Acknowledged[]): Use[] =>
  seen.flatMap(({ orderId, key }) => {
    const user = orderById.get(orderId)?.user_id
    return key !== undefined && user ? [{ user, key, orderId }] : []
  })

const keysWithSeveral = (uses: readonly Use[]): string[] => {
  const byKey = Map.groupBy(uses, ({ user, key }) => `key ${JSON.stringify(key)} of user ${user}`)
  return [...byKey].flatMap(([key, its]) => {
    const orders = [...new Set(its.map(({ orderId }) => orderId))]
    return orders.length > 1 ? [`${key}: orders ${orders.join(', ')}`] : []
  })
}

const ordersWithSeveral = (claimed: readonly Use[]): string[] =>
  [...Map.groupBy(claimed, ({ orderId }) => orderId)].flatMap(([orderId, its]) =>
    its.length > 1 ? [`order ${orderId}: ${its.length} keys stand for it`] : [],
  )

/** Whether the order is there at all is for I3. */
const foreignAnswers = ({ order, orderById }: Facts): string[] =>
  order.claims.flatMap(({ user_id, key, order_id, answer }) => {
    if (answer === null) return []
    const owner = orderById.get(order_id)?.user_id ?? user_id
    const isItsOwn = answerFrom(answer).id === order_id && owner === user_id
    return isItsOwn
      ? []
      : [
          `key ${JSON.stringify(key)} of user ${user_id}: its answer is not order ${order_id} of theirs`,
        ]
  })
