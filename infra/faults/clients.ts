import { codeOf } from '@flash-deal/local/plain-error'
import { Agent } from 'undici'
import type { Purchase } from './purchase.ts'
import { type Call, type Outcome, outcomeOf, type Reply } from './replies.ts'

/** The HTTP clients of a round. Every request and every response is recorded. */

export type OperationRequest = {
  call: Call
  purchase: Purchase
  path: string
  token: string
  body?: object
}

export type Operation = OperationRequest & { reply: Reply; outcome: Outcome }

export type Entry = { ms: number; event: string; [fact: string]: unknown }

export type Clients = {
  /** Never rejects: a network error is a reply, too. Aborts after `abortsAfterMs` if it is given. */
  send(request: OperationRequest, abortsAfterMs?: number): Promise<Operation>
  record(event: string, facts?: object): void
  /** In chronological order; `ms` counts from the start of the round. */
  history: readonly Entry[]
  close(): Promise<void>
}

/** Longer than the gateway's deadline, so that most slow requests end with the gateway's 504. */
const timeoutMs = 10_000

export const clientsOf = (url: string): Clients => {
  const agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const history: Entry[] = []
  const begin = performance.now()
  const record = (event: string, facts: object = {}): void => {
    history.push({ ms: Math.round(performance.now() - begin), event, ...facts })
  }
  const send = async (request: OperationRequest, abortsAfterMs?: number): Promise<Operation> => {
    const { call, path, body, purchase } = request
    record('invoke', { call, key: purchase.key, buyer: purchase.buyer, path, sent: body })
    const reply = await sendRequest(agent, url, request, abortsAfterMs)
    const outcome = outcomeOf(call, reply)
    record(outcome, { call, key: purchase.key, ...reply })
    return { ...request, reply, outcome }
  }
  return { send, record, history, close: () => agent.destroy() }
}

const sendRequest = async (
  agent: Agent,
  origin: string,
  { call, path, token, purchase, body }: OperationRequest,
  abortsAfterMs: number | undefined,
): Promise<Reply> => {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/json' }),
    ...(call === 'createOrder' && { 'idempotency-key': purchase.key }),
  }
  const content = body ? { body: JSON.stringify(body) } : {}
  const aborted = abortsAfterMs === undefined ? undefined : AbortSignal.timeout(abortsAfterMs)
  const manner = {
    origin,
    path,
    method: 'POST',
    headers,
    ...(aborted && { signal: aborted }),
  } as const
  try {
    const response = await agent.request({ ...manner, ...content })
    return { status: response.statusCode, body: await response.body.text() }
  } catch (error) {
    return { error: aborted?.aborted ? 'CLIENT_ABORTED' : codeOf(error) }
  }
}
