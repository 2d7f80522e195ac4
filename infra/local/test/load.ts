import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { until } from '@flash-deal/testing'
import { type Answer, ask, type Question } from './ask.ts'
import type { Shop } from './shop.ts'

/** An open loop of buyers of one product. */

export type Bought = { orderId: string; key: string; answer: string; sentAt: number }

export type Load = {
  /** In the order of arrival. */
  readonly answers: readonly Answer[]
  /** Orders with the response 201. */
  readonly bought: readonly Bought[]
  /** Requests in flight. */
  underWay(): number
  /** Sends a burst of this many more; resolves at the first response, while the others are in flight. */
  burst(count: number): Promise<void>
  /** Stops sending, and waits for the outstanding responses. */
  stop(): Promise<void>
}

export type LoadOptions = {
  perSecond: number
  /** A request without a response by then is aborted, and counts as `ABORT_ERR`. */
  answerWithinMs: number
}

/** Buys, reads an order and lists products in turn, on persistent connections. */
export const startLoad = (shop: Shop, { perSecond, answerWithinMs }: LoadOptions): Load => {
  const agent = new Agent({ keepAlive: true })
  const to = { origin: shop.stack.url, agent, withinMs: answerWithinMs }
  const answers: Answer[] = []
  const bought: Bought[] = []
  const underWay = new Set<Promise<void>>()
  const work = async (question: Question): Promise<void> => {
    const answer = await ask(to, question)
    answers.push(answer)
    const { idempotencyKey: key } = question
    if (key && answer.status === 201) bought.push(boughtBy(key, answer))
  }
  const next = questionsInTurn(shop)
  const send = (): Promise<void> => {
    const sending = work(next()).finally(() => underWay.delete(sending))
    underWay.add(sending)
    return sending
  }
  const timer = setInterval(send, 1_000 / perSecond)
  const burst = (count: number) => Promise.race(Array.from({ length: count }, send))
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    await Promise.all(underWay)
    agent.destroy()
  }
  return { answers, bought, underWay: () => underWay.size, burst, stop }
}

const questionsInTurn = ({ token, productId, orderId }: Shop): (() => Question) => {
  const body = { items: [{ product_id: productId, quantity: 1 }] }
  const questions = [
    (): Question => ({ path: '/orders', token, idempotencyKey: randomUUID(), body }),
    (): Question => ({ path: `/orders/${orderId}`, token }),
    (): Question => ({ path: '/products' }),
  ] as const
  let turn = 0
  return () => (questions[turn++ % questions.length] ?? questions[0])()
}

const boughtBy = (key: string, { body, sentAt }: Answer): Bought => {
  const { id: orderId } = JSON.parse(body) as { id: string }
  return { orderId, key, answer: body, sentAt }
}

/** Waits for the response 201 to an order that is sent from now on. */
export const nextOrder = async ({ bought }: Load): Promise<void> => {
  const now = performance.now()
  await until(() => (bought.at(-1)?.sentAt ?? 0) > now, 'another order is placed')
}

/** The kind of an outcome: "201", "503 with Retry-After", "ECONNRESET". */
export const inWords = ({ status, error, retryAfter }: Answer): string => {
  if (status === 0) return error
  return retryAfter === undefined ? `${status}` : `${status} with Retry-After`
}

/** The same with the body of an error, which describes it. */
const inDetail = (answer: Answer): string =>
  answer.status < 400 ? inWords(answer) : `${inWords(answer)}: ${messageOf(answer.body)}`

const messageOf = (body: string): string => body.match(/"message":"([^"]*)"/)?.[1] ?? body

/** The number of outcomes of each kind except the expected ones. */
export const otherThan = (
  allRight: readonly string[],
  answers: readonly Answer[],
): Record<string, number> => {
  const kinds: Record<string, number> = {}
  for (const answer of answers.filter((each) => !allRight.includes(inWords(each)))) {
    const kind = inDetail(answer)
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return kinds
}
