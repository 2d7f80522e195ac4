import { setTimeout as sleep } from 'node:timers/promises'

/** The orders of one second, counted when their responses arrive. */
export type Second = {
  sent: number
  /** Not sent because every connection was in use. */
  unsent: number
  ordered: number
  /** 503 responses. */
  shed: number
  /** 504 responses. */
  late: number
  /** Every other response, and failed connections. */
  other: number
  /** Sent again after a 503 response. The other numbers count each order once, by its last response. */
  retried: number
}

export type Orders = {
  /** Sends an order; false if no connection is free. */
  send(): boolean
  inFlight(): number
  /** How many times an order that gets 503 is sent again. */
  retries: number
  /** The second in progress. */
  second: Second
}

export const emptySecond = (): Second => ({
  ...{ sent: 0, unsent: 0, ordered: 0, shed: 0, late: 0, other: 0, retried: 0 },
})

export const count = (second: Second, status: number): void => {
  if (status === 201) second.ordered += 1
  else if (status === 503) second.shed += 1
  else if (status === 504) second.late += 1
  else second.other += 1
}

const send = (orders: Orders): void => {
  const { second } = orders
  if (orders.send()) second.sent += 1
  else second.unsent += 1
}

/** Closed loop: a fixed number of concurrent clients. Measures the throughput. */
export const closedLoop = (orders: Orders, clients: number, seconds: number): Promise<Second[]> =>
  perSecond(orders, seconds, () => {
    for (let missing = clients - orders.inFlight(); missing > 0; missing -= 1) send(orders)
  })

/** Open loop: a fixed arrival rate, independent of the responses. */
export const openLoop = (orders: Orders, rate: number, seconds: number): Promise<Second[]> => {
  let [sent, startedAt] = [0, performance.now()]
  return perSecond(orders, seconds, () => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * rate)
    // Requests that a busy machine could not send in time are not sent in one burst later.
    if (due - sent > rate / 5) startedAt += ((due - sent - rate / 5) / rate) * 1_000
    const until = Math.min(due, sent + Math.ceil(rate / 5))
    for (; sent < until; sent += 1) send(orders)
  })
}

const tickMs = 2

const perSecond = async (orders: Orders, seconds: number, tick: () => void): Promise<Second[]> => {
  const all: Second[] = []
  const startedAt = performance.now()
  for (let n = 1; n <= seconds; n += 1) {
    orders.second = emptySecond()
    while (performance.now() < startedAt + n * 1_000) {
      tick()
      await sleep(tickMs)
    }
    all.push(orders.second)
  }
  orders.second = emptySecond()
  return all
}
