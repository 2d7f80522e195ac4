import { writeSync } from 'node:fs'
import { ServerResponse } from 'node:http'
import { environment } from '@flash-deal/config'
import { Database, type Next, type Queryable, type Rows, type Work } from '@flash-deal/db'
import { AppendLog } from '@flash-deal/messaging/append-log'
import { type Deadline, Upstream } from '@flash-deal/service'

/**
 * Preloaded into a service. The process sends itself FAULT_SIGNAL the first time that it reaches
 * FAULT_POINT after a SIGUSR1. The points are between the steps of an order.
 */

export type Point =
  | 'before-reserve'
  | 'after-reserve'
  | 'after-insert'
  | 'after-commit'
  | 'before-answer'
  | 'before-relay'
  | 'after-acknowledge'
  | 'after-resolve'
  | 'after-publish'
  | 'after-decide'

const { FAULT_POINT, FAULT_SIGNAL } = environment()
let isArmed = false
process.on('SIGUSR1', () => {
  isArmed = true
})

/** @param orderId id of the order, if it is known at the point */
const pass = (point: Point, orderId = 'some order'): void => {
  if (!isArmed || point !== FAULT_POINT) return
  isArmed = false
  writeSync(1, `Passing ${point} of ${orderId}\n`)
  process.kill(process.pid, FAULT_SIGNAL)
}

/** The points before and after a call between services. */
const pointsOfCall: Readonly<Record<string, { before?: Point; after?: Point }>> = {
  createReservations: { before: 'before-reserve', after: 'after-reserve' },
  confirmReservations: { before: 'before-relay', after: 'after-acknowledge' },
  resolveOrders: { after: 'after-resolve' },
}

const { call } = Upstream.prototype
Upstream.prototype.call = async function (
  this: Upstream<object>,
  ...args: Parameters<typeof call>
) {
  const points = pointsOfCall[args[0]] ?? {}
  if (points.before) pass(points.before)
  const result = await call.apply(this, args)
  if (points.after && !isRefusal(result)) pass(points.after, orderIdIn(args))
  return result
}

/** A refused reservation holds nothing; only a retry by the buyer would settle the order. */
const isRefusal = (result: unknown): boolean =>
  JSON.stringify(result ?? null).includes('"outcome":"refused"')

const orderIdIn = (args: readonly unknown[]): string | undefined =>
  /"order_id":"([^"]+)"/.exec(JSON.stringify(args[1] ?? null))?.[1]

const { transaction } = Database.prototype
Database.prototype.transaction = async function <Result>(
  this: Database,
  work: Work<Result>,
  ...rest: [next?: Next<Result>, deadline?: Deadline]
): Promise<Result> {
  let isOrder = false
  const watched = (tx: Queryable): Queryable => ({
    query: async (statement, args) => {
      const rows = await tx.query(statement, args)
      if (!statement.name.startsWith('order_create')) return rows as never
      isOrder = true
      pass('after-insert')
      return rows as never
    },
  })
  const result = await (transaction<Result>).call(this, (tx) => work(watched(tx)), ...rest)
  if (isOrder) pass('after-commit')
  return result
}

const { query } = Database.prototype
/** M8's statement inserts and commits at once, so both points are after it. */
Database.prototype.query = async function <Row>(
  this: Database,
  ...args: Parameters<typeof query>
): Promise<Rows<Row>> {
  const rows = await (query<Row>).apply(this, args)
  if (args[0].name === 'order_store') {
    pass('after-insert')
    pass('after-commit')
  }
  // The order is committed, and the offset of its record is not.
  if (args[0].name === 'pending_confirm') pass('after-decide')
  return rows
}

ServerResponse.prototype.end = new Proxy(ServerResponse.prototype.end, {
  apply: (end, response: ServerResponse, args) => {
    const { method, url } = response.req
    if (method === 'POST' && url === '/orders' && response.statusCode === 201) pass('before-answer')
    return Reflect.apply(end, response, args)
  },
})

const { append } = AppendLog.prototype
/** At this point the event is in the log and still in the outbox. */
AppendLog.prototype.append = async function (
  this: AppendLog,
  ...args: Parameters<typeof append>
): Promise<void> {
  await append.apply(this, args)
  if (args[0].type !== 'order.accepted') pass('after-publish', args[0].data.order_id)
}
