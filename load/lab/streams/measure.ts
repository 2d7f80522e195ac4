import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Stack, startStack } from '@flash-deal/local/stack'
import postgres from 'postgres'
import { cpuUsOf, residentBytesOf } from '../probes/cpu.ts'

/** The cost of idle streams of order events in the order service. */

export type StreamCost = {
  streams: number
  /** Additional memory of order with the streams open, in MB: resident and heap, after a garbage collection. */
  residentMb: number
  heapMb: number
  /** CPU of order in milliseconds per second: without streams, with open streams, and after closing them. */
  idleCpuMs: { before: number; open: number; after: number }
}

const collectGarbage = pathToFileURL(join(import.meta.dirname, 'collect-garbage.ts'))
const NODE_OPTIONS = `--max-semi-space-size=8 --import=${collectGarbage}`

const settings = {
  LOG_LEVEL: 'warn',
  CONNECTIONS_PER_ADDRESS: '10000',
  ORDER_STREAMS_MAX: '10000',
}

/** @param count the number of streams, each of another pending order */
export const measureStreams = async (count: number): Promise<StreamCost> => {
  const stack = await startStack({ settings })
  try {
    await stack.supervisor.stop('order')
    await stack.restart('order', { NODE_OPTIONS })
    const followed = await pendingOrders(stack, count)
    // The first streams compile code. Only a few, because the process keeps freed memory.
    await closeAll(await openAll(stack, followed.slice(0, warmStreams)))
    const before = await figuresOf(stack)
    const streams = await openAll(stack, followed)
    const open = await figuresOf(stack)
    await closeAll(streams)
    const after = await figuresOf(stack)
    return {
      streams: count,
      residentMb: open.residentMb - before.residentMb,
      heapMb: open.heapMb - before.heapMb,
      idleCpuMs: { before: before.cpuMs, open: open.cpuMs, after: after.cpuMs },
    }
  } finally {
    await stack.end()
  }
}

const warmStreams = 50

type Followed = { id: string; user_id: string }

/** They stay pending, because there is no Kafka. */
const pendingOrders = async ({ adminUrl }: Stack, count: number): Promise<Followed[]> => {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    return await sql<Followed[]>`
      with created as (
        insert into orders.orders (id, user_id, status, total_amount, appended_at)
        select gen_random_uuid(), gen_random_uuid(), 'pending', 500, now()
        from generate_series(1, ${count}::int)
        returning id, user_id
      ),
      items as (
        insert into orders.order_items
          (order_id, line_no, id, product_id, product_name, quantity, unit_price)
        select id, 1, gen_random_uuid(), gen_random_uuid(), 'Cup', 1, 500 from created
      )
      select id, user_id from created`
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const atOnce = 50

const openAll = async (stack: Stack, followed: readonly Followed[]): Promise<IncomingMessage[]> => {
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY })
  const streams: IncomingMessage[] = []
  for (let at = 0; at < followed.length; at += atOnce) {
    const some = followed.slice(at, at + atOnce)
    streams.push(...(await Promise.all(some.map((order) => openOne(stack, agent, order)))))
  }
  return streams
}

/** @throws Error if it is not a stream */
const openOne = async (
  { addresses, internalKey }: Stack,
  agent: Agent,
  { id, user_id }: Followed,
): Promise<IncomingMessage> => {
  const headers = { 'x-internal-key': internalKey, 'x-user-id': user_id }
  const request = get(`${addresses.order}/orders/${id}/events`, { agent, headers })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`A stream returned ${response.statusCode}.`)
  response.on('error', () => {})
  response.resume()
  return response
}

const closeAll = async (streams: readonly IncomingMessage[]): Promise<void> => {
  for (const stream of streams) stream.destroy()
  await sleep(1_000)
}

const watchedMs = 3_000

/** Measured over three seconds, after a garbage collection. */
const figuresOf = async ({ supervisor, addresses }: Stack) => {
  const pid = supervisor.pid('order') ?? 0
  await sleep(500)
  const begin = cpuUsOf([pid])
  await sleep(watchedMs)
  const cpuMs = (cpuUsOf([pid]) - begin) / watchedMs
  for (let round = 0; round < 2; round++) {
    process.kill(pid, 'SIGUSR1')
    await sleep(500)
  }
  return {
    cpuMs,
    residentMb: residentBytesOf([pid]) / 2 ** 20,
    heapMb: (await heapBytesAt(addresses.order)) / 2 ** 20,
  }
}

const heapBytesAt = async (address: string): Promise<number> => {
  const url = new URL('/metrics', address)
  url.port = String(Number(url.port) + 1_000)
  const page = await (await fetch(url)).text()
  return Number(/^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)$/m.exec(page)?.[1])
}
