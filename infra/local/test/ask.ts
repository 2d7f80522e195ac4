import { once } from 'node:events'
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** One request to a service, and its outcome. */

export type Question = {
  path: string
  token?: string
  idempotencyKey?: string
  /** Makes it a POST. */
  body?: object
}

export type Answer = {
  /** 0 without a response; `error` has the reason. */
  status: number
  error: string
  body: string
  retryAfter: string | undefined
  /** The response has `connection: close`. */
  closes: boolean
  /** The connection has already carried a response. */
  kept: boolean
  /** `performance.now()` when it was sent, and when it was over. */
  sentAt: number
  doneAt: number
}

export type To = { origin: string; agent: Agent; withinMs: number }

type Reply = Pick<Answer, 'status' | 'body' | 'retryAfter' | 'closes'>
const nothing: Reply = { status: 0, body: '', retryAfter: undefined, closes: false }

/** Never rejects and never retries: a network error is an outcome, too. */
export const ask = async (to: To, question: Question): Promise<Answer> => {
  const sentAt = performance.now()
  const sending = send(to, question)
  const answer = (reply: Reply, error = ''): Answer => {
    const kept = sending.reusedSocket
    return { ...reply, error, kept, sentAt, doneAt: performance.now() }
  }
  try {
    return answer(await replyOf(sending))
  } catch (error) {
    return answer(nothing, nameOf(error))
  }
}

const send = (to: To, { path, token, idempotencyKey, body }: Question): ClientRequest => {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
    ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
  }
  const sending = request(`${to.origin}${path}`, {
    agent: to.agent,
    headers,
    method: body ? 'POST' : 'GET',
    signal: AbortSignal.timeout(to.withinMs),
  })
  // An error after the response is reported with the response.
  sending.on('error', () => {})
  return sending.end(body && JSON.stringify(body))
}

const replyOf = async (sending: ClientRequest): Promise<Reply> => {
  const [response]: IncomingMessage[] = await once(sending, 'response')
  if (response === undefined) return nothing
  const { headers, statusCode = 0 } = response
  const closes = headers.connection === 'close'
  return {
    status: statusCode,
    body: await text(response),
    retryAfter: headers['retry-after'],
    closes,
  }
}

const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}
