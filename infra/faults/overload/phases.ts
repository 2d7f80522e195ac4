import { setTimeout as sleep } from 'node:timers/promises'

/** What became of the orders of one second, by when their answers came. */
export type Second = {
  sent: number
  /** Not sent: all connections were under way. */
  unsent: number
  ordered: number
  /** 503: not now. */
  shed: number
  /** 504: too late. */
  late: number
  /** Anything else, a broken connection included. */
  other: number
}

export type Orders = {
  /** Sends one; false where it cannot. */
  send(): boolean
  underWay(): number
  /** The second that is counted in just now. */
  second: Second
}

export const emptySecond = (): Second => ({
  ...{ sent: 0, unsent: 0, ordered: 0, shed: 0, late: 0, other: 0 },
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

/** As many at a time, each followed by the next: what the system can do. */
export const closedLoop = (orders: Orders, clients: number, seconds: number): Promise<Second[]> =>
  perSecond(orders, seconds, () => {
    for (let missing = clients - orders.underWay(); missing > 0; missing -= 1) send(orders)
  })

/** So many a second, whatever becomes of them. */
export const openLoop = (orders: Orders, rate: number, seconds: number): Promise<Second[]> => {
  let [sent, begun] = [0, performance.now()]
  return perSecond(orders, seconds, () => {
    const due = Math.floor(((performance.now() - begun) / 1_000) * rate)
    // What a busy machine could not send in time is not made up for at once.
    if (due - sent > rate / 5) begun += ((due - sent - rate / 5) / rate) * 1_000
    const until = Math.min(due, sent + Math.ceil(rate / 5))
    for (; sent < until; sent += 1) send(orders)
  })
}

const tickMs = 2

const perSecond = async (orders: Orders, seconds: number, tick: () => void): Promise<Second[]> => {
  const all: Second[] = []
  const begun = performance.now()
  for (let n = 1; n <= seconds; n += 1) {
    orders.second = emptySecond()
    while (performance.now() < begun + n * 1_000) {
      tick()
      await sleep(tickMs)
    }
    all.push(orders.second)
  }
  orders.second = emptySecond()
  return all
}
