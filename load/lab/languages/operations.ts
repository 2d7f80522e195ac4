import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'

/** The operations of auth that are measured. Each worker waits for its response. */

export const operations = ['login', 'refresh', 'verify', 'profile'] as const
export type Operation = (typeof operations)[number]

type Session = { access_token: string; refresh_token: string }
type Credentials = { email: string; password: string }

/** A user of one instance; each exchange replaces its refresh token. */
export type Worker = Record<Operation, () => Promise<void>>

/** @throws Error if a response is not 2xx, because failures are not measured */
const callerOf = (pool: Pool) => async (path: string, body?: object, token?: string) => {
  const response = await pool.request({
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.body.text()
  if (response.statusCode < 300) return text
  throw new Error(`${path} returned ${response.statusCode}: ${text}`)
}

/** Workers that each have an account and a log-in. The caller closes the pool. */
export const openWorkers = async (
  address: string,
  count: number,
): Promise<{ workers: Worker[]; close(): Promise<void> }> => {
  const pool = new Pool(address, { connections: count })
  const call = callerOf(pool)
  const open = async (): Promise<Worker> => {
    const credentials = { email: `${randomUUID()}@example.com`, password: 'correct horse battery' }
    await call('/auth/register', { ...credentials, name: 'Mina Kim' })
    return workerOf(call, credentials, await sessionOf(call, credentials))
  }
  const workers: Worker[] = []
  for (let number = 0; number < count; number++) workers.push(await open())
  return { workers, close: () => pool.close() }
}

const sessionOf = async (
  call: ReturnType<typeof callerOf>,
  credentials: Credentials,
): Promise<Session> => JSON.parse(await call('/auth/login', credentials)) as Session

const workerOf = (
  call: ReturnType<typeof callerOf>,
  credentials: Credentials,
  begun: Session,
): Worker => {
  let session = begun
  const get = async (path: string): Promise<void> => {
    await call(path, undefined, session.access_token)
  }
  return {
    login: async () => {
      await call('/auth/login', credentials)
    },
    refresh: async () => {
      const text = await call('/auth/refresh', { refresh_token: session.refresh_token })
      session = JSON.parse(text) as Session
    },
    verify: () => get('/auth/verify'),
    profile: () => get('/auth/users/me'),
  }
}

/** Closed loop: each worker sends its next request after the previous response. */
export const closedLoop = async (
  workers: readonly Worker[],
  operation: Operation,
  ms: number,
): Promise<number> => {
  const end = performance.now() + ms
  let count = 0
  await Promise.all(
    workers.map(async (worker) => {
      while (performance.now() < end) {
        await worker[operation]()
        count += 1
      }
    }),
  )
  return count
}

/**
 * Open loop: the workers send requests in turn, at fixed times.
 *
 * @returns milliseconds from the due time of each request to its response, in ascending order
 */
export const openLoop = async (
  workers: readonly Worker[],
  operation: Operation,
  { perSecond, ms }: { perSecond: number; ms: number },
): Promise<number[]> => {
  const begin = performance.now()
  const count = Math.floor((perSecond * ms) / 1_000)
  const request = async (number: number): Promise<number> => {
    const due = begin + (number * 1_000) / perSecond
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    await workers[number % workers.length]?.[operation]()
    return performance.now() - due
  }
  const times = await Promise.all(Array.from({ length: count }, (_, number) => request(number)))
  return times.sort((one, other) => one - other)
}
