/** What a client may conclude from the answer to an operation that may have met a fault. */

export type Call = 'createOrder' | 'cancelOrder'

export type Reply = { status: number; body: string } | { error: string }

/**
 * `ok`: it is done. `refused`: it is not, for a reason of the contract. `unknown`: it may be done or
 * not, or be under way still. `unexpected`: neither the shop as it is set up nor a fault explains it.
 */
export type Outcome = 'ok' | 'refused' | 'unknown' | 'unexpected'

const refusals: Readonly<Record<Call, readonly string[]>> = {
  createOrder: ['400 INSUFFICIENT_STOCK', '409 DEAL_NOT_ACTIVE', '409 PURCHASE_LIMIT_EXCEEDED'],
  cancelOrder: ['400 INVALID_ORDER_STATE'],
}

export const outcomeOf = (call: Call, reply: Reply): Outcome => {
  if ('error' in reply || reply.status >= 500) return 'unknown'
  if (reply.status >= 200 && reply.status < 300) return 'ok'
  const refusal = inWords(reply)
  if (refusal === '409 IDEMPOTENCY_IN_PROGRESS') return 'unknown'
  return refusals[call].includes(refusal) ? 'refused' : 'unexpected'
}

/** The status and, where it is an error of ours, its code. */
export const inWords = (reply: Reply): string => {
  if ('error' in reply) return reply.error
  const { error } = fieldsOf(reply.body)
  return error === undefined ? `${reply.status}` : `${reply.status} ${error}`
}

/** The id of the order that an answer tells of. */
export const orderIdOf = (reply: Reply): string =>
  ('body' in reply ? fieldsOf(reply.body).id : undefined) ?? ''

/** Empty where it is no JSON: a proxy's page, or half an answer. */
const fieldsOf = (body: string): { id?: string; error?: string } => {
  try {
    return (JSON.parse(body) ?? {}) as { id?: string; error?: string }
  } catch {
    return {}
  }
}
