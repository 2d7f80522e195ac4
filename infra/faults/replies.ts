/** Classifies the response to an operation that may have run during a fault. */

export type Call = 'createOrder' | 'cancelOrder'

export type Reply = { status: number; body: string } | { error: string }

/**
 * `ok`: the operation is committed. `refused`: it is rejected with an error code of the contract.
 * `unknown`: it is committed, rolled back or still in progress. `unexpected`: no valid request gets
 * this response, with or without a fault.
 */
export type Outcome = 'ok' | 'refused' | 'unknown' | 'unexpected'

const refusals: Readonly<Record<Call, readonly string[]>> = {
  createOrder: ['400 INSUFFICIENT_STOCK', '409 DEAL_NOT_ACTIVE', '409 PURCHASE_LIMIT_EXCEEDED'],
  cancelOrder: ['400 INVALID_ORDER_STATE'],
}

export const outcomeOf = (call: Call, reply: Reply): Outcome => {
  if ('error' in reply || reply.status >= 500) return 'unknown'
  if (reply.status >= 200 && reply.status < 300) return 'ok'
  const refusal = describeReply(reply)
  if (refusal === '409 IDEMPOTENCY_IN_PROGRESS') return 'unknown'
  return refusals[call].includes(refusal) ? 'refused' : 'unexpected'
}

/** The status, followed by the error code if the body has one. */
export const describeReply = (reply: Reply): string => {
  if ('error' in reply) return reply.error
  const { error } = fieldsOf(reply.body)
  return error === undefined ? `${reply.status}` : `${reply.status} ${error}`
}

/** The id of the order in the response body; empty if there is none. */
export const orderIdOf = (reply: Reply): string =>
  ('body' in reply ? fieldsOf(reply.body).id : undefined) ?? ''

/** Empty if the body is not JSON: an error page of a proxy, or a truncated response. */
const fieldsOf = (body: string): { id?: string; error?: string } => {
  try {
    return (JSON.parse(body) ?? {}) as { id?: string; error?: string }
  } catch {
    return {}
  }
}
