import { setTimeout as sleep } from 'node:timers/promises'
import { PlainError } from './plain-error.ts'

export type Call = {
  method?: 'GET' | 'POST' | 'PATCH'
  body?: object
  token?: string
  idempotencyKey?: string
  /** Error statuses that the caller handles. */
  expect?: readonly number[]
}

const attemptsMax = 40

/** Where a call is sent, and how its user is identified. */
type Target = (path: string, token?: string) => { base: string; identity: Record<string, string> }

/** Calls the public API. Retries 429 and 503 after the time in Retry-After. */
export const createClient = (base: string) =>
  clientOf((_path, token) => ({
    base,
    identity: token ? { authorization: `Bearer ${token}` } : {},
  }))

export type Behind = {
  /** The addresses of auth, product and order. */
  urls: Readonly<Record<'auth' | 'product' | 'order', string>>
  internalKey: string
}

/** Calls the services as the gateway does, for the time before it listens. */
export const createClientBehindGateway = ({ urls, internalKey }: Behind): Client =>
  clientOf((path, token) => ({
    base: urls[serviceOf(path)],
    identity: {
      'x-internal-key': internalKey,
      ...(token && { 'x-user-id': userIdIn(token) }),
    },
  }))

const serviceOf = (path: string): keyof Behind['urls'] => {
  if (path.startsWith('/auth/')) return 'auth'
  return path.startsWith('/orders') ? 'order' : 'product'
}

/** Reads a token that auth has just issued, so its signature is not verified. */
const userIdIn = (token: string): string => {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return (JSON.parse(claims) as { sub: string }).sub
}

const clientOf = (target: Target) => {
  const send = (
    { body, token, idempotencyKey, method = body ? 'POST' : 'GET' }: Call,
    path: string,
  ) => {
    const { base, identity } = target(path, token)
    return fetch(`${base}${path}`, {
      method,
      headers: {
        ...identity,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })
  }

  /** @throws PlainError for a status that is neither 2xx nor in `expect` */
  return async <Body>(path: string, call: Call = {}): Promise<{ status: number; body: Body }> => {
    for (let attempt = 1; ; attempt++) {
      const response = await send(call, path)
      const body = (await response.json()) as Body
      if (response.ok || call.expect?.includes(response.status))
        return { status: response.status, body }
      if (![429, 503].includes(response.status) || attempt === attemptsMax) {
        throw new PlainError(`${path} responded with ${response.status}: ${JSON.stringify(body)}`)
      }
      await sleep(Math.min(Number(response.headers.get('retry-after') ?? 0) * 1_000, 2_000) || 100)
    }
  }
}

export type Client = ReturnType<typeof clientOf>

type Page<Item> = { items: Item[] }

/** Enough for the demo. A database filled by the lab is not read completely. */
const pagesMax = 50

/** Reads all pages of a list. The query must end in `?` or have a parameter. */
export const allPages = async <Item>(
  api: Client,
  query: string,
  token?: string,
): Promise<Item[]> => {
  const items: Item[] = []
  for (let page = 1; page <= pagesMax; page++) {
    const { body } = await api<Page<Item>>(`${query}&size=100&page=${page}`, token ? { token } : {})
    items.push(...body.items)
    if (body.items.length < 100) break
  }
  return items
}
