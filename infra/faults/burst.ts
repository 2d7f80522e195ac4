import { setTimeout as sleep } from 'node:timers/promises'
import { orderIdOf } from './answers.ts'
import type { Clients, Operation } from './clients.ts'
import { inParallel } from './in-parallel.ts'
import type { Purchase } from './purchase.ts'
import { cancelAsked, type Goods, orderAsked, type Shop } from './shop.ts'

export type Buying = { clients: Clients; shop: Shop; goods: Goods }

export type Burst = {
  /** Purchases that are under way or still to come. */
  open(): number
  done: Promise<{ operations: Operation[]; lengthMs: number }>
}

/** All purchases, so many at a time; answers with the first attempt at each operation. */
export const startBurst = (
  buying: Buying,
  purchases: readonly Purchase[],
  width: number,
): Burst => {
  const begin = performance.now()
  let open = purchases.length
  const work = async (purchase: Purchase): Promise<Operation[]> => {
    const operations = await buy(buying, purchase)
    open -= 1
    return operations
  }
  const done = inParallel(purchases, width, work).then((operations) => ({
    operations: operations.flat(),
    lengthMs: performance.now() - begin,
  }))
  return { open: () => open, done }
}

/** Else a burst against what is away would be over before it comes back, and never meet it cold. */
const pauseAfterUnknownMs = 250

const buy = async ({ clients, shop, goods }: Buying, purchase: Purchase): Promise<Operation[]> => {
  const { hangsUpAfterMs, cancelsAfterMs } = purchase
  const bought = await clients.ask(orderAsked(shop, goods, purchase), hangsUpAfterMs)
  if (bought.outcome === 'unknown') await sleep(pauseAfterUnknownMs)
  if (bought.outcome !== 'ok' || cancelsAfterMs === undefined) return [bought]
  if (cancelsAfterMs > 0) await sleep(cancelsAfterMs)
  const cancelled = await clients.ask(cancelAsked(shop, purchase, orderIdOf(bought.reply)))
  return [bought, cancelled]
}
