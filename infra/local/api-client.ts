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

/** Calls the public API. Retries 429 and 503 after the time in Retry-After. */
export const createClient = (base: string) => {
  const send = (
    { body, token, idempotencyKey, method = body ? 'POST' : 'GET' }: Call,
    path: string,
  ) =>
    fetch(`${base}${path}`, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })

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

export type Client = ReturnType<typeof createClient>

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
