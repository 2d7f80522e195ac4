import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppendLog } from '@flash-deal/messaging/append-log'
import { asAdmin } from '@flash-deal/testing'
import { createOffer } from '../offer.ts'
import type { Sale } from '../plan.ts'
import { type AsyncSystem, brokenAtRest } from './async-sale.ts'
import { brokerOf } from './broker.ts'

/** Measures how a consumer processes a backlog of accepted orders after its start. */

export type Backlog = {
  /** One sentence per violation. */
  broken: string[]
  confirmed: number
  /** Milliseconds from the start of the consumer until no order was pending. */
  drainMs: number
  /** Resident memory in MB: right after the start, and the maximum while the backlog drained. */
  memoryMb: Record<'order' | 'product', { before: number; most: number }>
}

/** The deal has as many units as there are orders, each by a different buyer. */
const everyBuyer: Pick<Sale, 'units' | 'limit' | 'endsAt'> = {
  units: (requests) => ({ deal: requests, product: 1 }),
  limit: () => 1,
}

/** The number of orders that one statement writes, and that are appended before the next one. */
const chunk = 5_000

/** @param orders the number of pending orders when the consumer starts */
export const drainBacklog = async (system: AsyncSystem, orders: number): Promise<Backlog> => {
  const { stack, api, users } = system
  const offer = await createOffer(api, users, everyBuyer, { requests: orders, lengthMs: 0 })
  await stack.supervisor.stop('order')
  const ids = await acceptAll(system, offer.lines.deal, orders)
  const before = residentMbOf(system, 'product')
  const begin = performance.now()
  await stack.restart('order')
  const memoryMb = {
    order: { before: residentMbOf(system, 'order'), most: 0 },
    product: { before, most: 0 },
  }
  await untilDecided(system, () => {
    for (const name of ['order', 'product'] as const) {
      memoryMb[name].most = Math.max(memoryMb[name].most, residentMbOf(system, name))
    }
  })
  const drainMs = performance.now() - begin
  const broken = await brokenAtRest(stack, { acknowledged: [], accepted: ids })
  return { broken, drainMs, memoryMb, confirmed: await confirmedOf(system, ids) }
}

type Line = { product_id: string; deal_id?: string }

/** Writes the same rows and records as order for accepted orders. */
const acceptAll = async (
  { stack }: AsyncSystem,
  { product_id, deal_id = '' }: Line,
  orders: number,
): Promise<string[]> => {
  const limits = { queueMax: chunk, timeoutMs: 60_000 }
  const log = new AppendLog({ brokers: [brokerOf(stack)], clientId: 'backlog', ...limits })
  const all: string[] = []
  try {
    for (let left = orders; left > 0; left -= chunk) {
      const ids = Array.from({ length: Math.min(chunk, left) }, () => randomUUID())
      const userIds = ids.map(() => randomUUID())
      await asAdmin(
        stack,
        `with accepted as (
          insert into orders.orders (id, user_id, status, total_amount, appended_at)
          select unnest(${arrayOf(ids)}), unnest(${arrayOf(userIds)}), 'pending', 0, now()
          returning id
        )
        insert into orders.order_items
          (order_id, line_no, id, product_id, deal_id, product_name, quantity, unit_price)
        select id, 1, gen_random_uuid(), '${product_id}', '${deal_id}', '', 1, 0 from accepted`,
      )
      const appended = ids.map((order_id, index) =>
        log.append(
          {
            type: 'order.accepted',
            key: deal_id,
            data: {
              order_id,
              user_id: userIds[index] ?? '',
              is_reserved: false,
              lines: [{ product_id, deal_id, quantity: 1 }],
            },
            trace: {},
          },
          { id: order_id },
        ),
      )
      await Promise.all(appended)
      all.push(...ids)
    }
    return all
  } finally {
    await log.close()
  }
}

const sampleMs = 100
const drainedWithinMs = 900_000

const untilDecided = async ({ stack }: AsyncSystem, sample: () => void): Promise<void> => {
  const deadline = performance.now() + drainedWithinMs
  const pending = `select id from orders.orders where status = 'pending' limit 1`
  while ((await asAdmin(stack, pending)).length > 0) {
    if (performance.now() > deadline) throw new Error('The backlog was not drained.')
    sample()
    await sleep(sampleMs)
  }
}

const confirmedOf = async ({ stack }: AsyncSystem, ids: readonly string[]): Promise<number> => {
  const rows = await asAdmin(
    stack,
    `select count(*)::int as count from orders.orders
    where status = 'confirmed' and id = any(${arrayOf(ids)})`,
  )
  return Number(rows[0]?.count)
}

/** As an SQL literal; only for ids of this program. */
const arrayOf = (ids: readonly string[]): string => `'{${ids.join()}}'::uuid[]`

const residentMbOf = ({ stack }: AsyncSystem, name: string): number => {
  const status = readFileSync(`/proc/${stack.supervisor.pid(name)}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
}
