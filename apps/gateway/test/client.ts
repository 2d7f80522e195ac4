import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'

export type Sent = { body?: unknown; headers?: Record<string, string> }
export type Caller = (call: string, sent?: Sent) => ReturnType<typeof send>

/** Calls like `POST /orders` at a URL, as a user if there is a token. */
export const callerAt =
  (url: string, token?: string): Caller =>
  (call, sent = {}) =>
    send(url, call, { ...sent, headers: { ...bearer(token), ...sent.headers } })

const bearer = (token?: string): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

const send = async (url: string, call: string, { body, headers }: Sent) => {
  const [method = '', path = ''] = call.split(' ')
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  }
}

export type Answer = Awaited<ReturnType<typeof send>>

/** Asserts that a response is an error with exactly the envelope. */
export const refuses = (t: Test, answer: Answer, status: number, code: string): void => {
  t.equal(answer.status, status, `${code}: ${answer.text}`)
  t.match(answer.body, { error: code, message: /./ })
  t.equal(answer.body.request_id, answer.headers.get('x-request-id'))
  const surplus = new Set(Object.keys(answer.body))
  for (const name of ['error', 'message', 'details', 'request_id']) surplus.delete(name)
  t.strictSame([...surplus], [])
}

export const password = 'correct horse battery'

/** An account that is logged in. */
export const newUser = async (url: string) => {
  const anybody = callerAt(url)
  const email = `${randomUUID()}@example.com`
  const registered = await anybody('POST /auth/register', {
    body: { email, password, name: 'Mina Kim' },
  })
  const session = await anybody('POST /auth/login', { body: { email, password } })
  const token: string = session.body.access_token
  const id: string = registered.body.id
  return { id, email, token, session: session.body, call: callerAt(url, token) }
}

export type User = Awaited<ReturnType<typeof newUser>>

export const newProduct = async ({ call }: User, stock: number): Promise<string> => {
  const body = { name: 'Hanbit Headphones Pro', price: 129_000, stock }
  return (await call('POST /products', { body })).body.id
}

const hour = 3_600_000

/** A window around now, or later by some hours. */
export const windowIn = (hours = 0) => ({
  starts_at: new Date(Date.now() + (hours - 1) * hour).toISOString(),
  ends_at: new Date(Date.now() + (hours + 1) * hour).toISOString(),
})

export const newDeal = async (
  { call }: User,
  deal: { product_id: string; deal_stock: number; per_user_limit?: number; starts_at?: string },
): Promise<string> => {
  const body = { deal_price: 89_000, ...windowIn(), ...deal }
  return (await call('POST /products/deals', { body })).body.id
}
