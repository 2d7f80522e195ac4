import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import type { HotDeal } from '../subjects/hot-deal.ts'
import type { Operation, ServiceInBoth } from './groups.ts'

/** Clients of one instance. Each worker waits for its response. */

export type Worker = (operation: Operation) => Promise<void>

/** The data of orders. */
export type Goods = { deal: HotDeal; products: readonly string[]; internalKey: string }

export type Workers = { workers: Worker[]; close(): Promise<void> }

type WorkersOptions = { service: ServiceInBoth; address: string; count: number; goods: Goods }

/** Workers for the operations of a service. The caller closes the pool. */
export const openWorkers = async ({
  service,
  address,
  count,
  goods,
}: WorkersOptions): Promise<Workers> => {
  const pool = new Pool(address, { connections: count })
  const call = callerOf(pool)
  const open = () => (service === 'auth' ? userOf(call) : buyerOf(call, goods))
  const workers: Worker[] = []
  for (let number = 0; number < count; number++) workers.push(workerOf(await open()))
  return { workers, close: () => pool.close() }
}

type Work = Partial<Record<Operation, () => Promise<unknown>>>

const workerOf =
  (work: Work): Worker =>
  async (operation) => {
    const send = work[operation]
    if (send === undefined) throw new RangeError(`This service has no operation ${operation}.`)
    await send()
  }

type Headers = Readonly<Record<string, string>>
type Call = (path: string, headers?: Headers, body?: object) => Promise<string>

/** @throws Error if a response is not 2xx, because failures are not measured */
const callerOf =
  (pool: Pool): Call =>
  async (path, headers = {}, body) => {
    const response = await pool.request({
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.body.text()
    if (response.statusCode < 300) return text
    throw new Error(`${path} returned ${response.statusCode}: ${text}`)
  }

type Session = { access_token: string; refresh_token: string }

/** A user with an account and a log-in. Each exchange replaces the refresh token. */
const userOf = async (call: Call): Promise<Work> => {
  const credentials = { email: `${randomUUID()}@example.com`, password: 'correct horse battery' }
  await call('/auth/register', {}, { ...credentials, name: 'Mina Kim' })
  const logIn = () => call('/auth/login', {}, credentials)
  let session = JSON.parse(await logIn()) as Session
  const get = (path: string) => call(path, { authorization: `Bearer ${session.access_token}` })
  return {
    login: logIn,
    refresh: async () => {
      const text = await call('/auth/refresh', {}, { refresh_token: session.refresh_token })
      session = JSON.parse(text) as Session
    },
    verify: () => get('/auth/verify'),
    profile: () => get('/auth/users/me'),
  }
}

/** The number of orders in a buyer's list. */
const listed = 20

/** A buyer who orders units of one deal. The first list is preceded by orders of several lines. */
const buyerOf = (call: Call, { deal, products, internalKey }: Goods): Work => {
  const identity = () => ({ 'x-internal-key': internalKey, 'x-user-id': randomUUID() })
  const buy = () =>
    call(
      '/orders',
      { ...identity(), 'idempotency-key': randomUUID() },
      { items: [{ ...deal, quantity: 1 }] },
    )
  const frequent = identity()
  const items = products.map((product_id) => ({ product_id, quantity: 1 }))
  const buyOften = async (): Promise<void> => {
    for (let made = 0; made < listed; made++) await call('/orders', frequent, { items })
  }
  let bought: Promise<void> | undefined
  return {
    order: buy,
    'order-batched': buy,
    list: async () => {
      bought ??= buyOften()
      await bought
      await call(`/orders?size=${listed}`, frequent)
    },
  }
}
