import { codeOf } from '@flash-deal/local/plain-error'
import { Agent } from 'undici'
import { type Call, type Outcome, outcomeOf, type Reply } from './answers.ts'
import type { Purchase } from './purchase.ts'

/** The buyers of a round as one: whatever they send and hear is written down. */

export type Asked = {
  call: Call
  purchase: Purchase
  path: string
  token: string
  body?: object
}

export type Operation = Asked & { reply: Reply; outcome: Outcome }

export type Entry = { ms: number; event: string; [fact: string]: unknown }

export type Clients = {
  /** Never fails: an error on the way is an answer, too. A client may be gone after some time. */
  ask(asked: Asked, hangsUpAfterMs?: number): Promise<Operation>
  note(event: string, facts?: object): void
  /** In the order in which it happened; `ms` counts from the round's beginning. */
  history: readonly Entry[]
  close(): Promise<void>
}

/** Longer than the gateway's deadline, so that most late answers say so themselves. */
const timeoutMs = 10_000

export const clientsOf = (url: string): Clients => {
  const agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const history: Entry[] = []
  const begin = performance.now()
  const note = (event: string, facts: object = {}): void => {
    history.push({ ms: Math.round(performance.now() - begin), event, ...facts })
  }
  const ask = async (asked: Asked, hangsUpAfterMs?: number): Promise<Operation> => {
    const { call, path, body, purchase } = asked
    note('invoke', { call, key: purchase.key, buyer: purchase.buyer, path, sent: body })
    const reply = await send(agent, url, asked, hangsUpAfterMs)
    const outcome = outcomeOf(call, reply)
    note(outcome, { call, key: purchase.key, ...reply })
    return { ...asked, reply, outcome }
  }
  return { ask, note, history, close: () => agent.destroy() }
}

const send = async (
  agent: Agent,
  origin: string,
  { call, path, token, purchase, body }: Asked,
  hangsUpAfterMs: number | undefined,
): Promise<Reply> => {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/json' }),
    ...(call === 'createOrder' && { 'idempotency-key': purchase.key }),
  }
  const content = body ? { body: JSON.stringify(body) } : {}
  const gone = hangsUpAfterMs === undefined ? undefined : AbortSignal.timeout(hangsUpAfterMs)
  const manner = { origin, path, method: 'POST', headers, ...(gone && { signal: gone }) } as const
  try {
    const response = await agent.request({ ...manner, ...content })
    return { status: response.statusCode, body: await response.body.text() }
  } catch (error) {
    return { error: gone?.aborted ? 'HUNG_UP' : codeOf(error) }
  }
}
