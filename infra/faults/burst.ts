import { setTimeout as sleep } from 'node:timers/promises'
import { orderIdOf } from './answers.ts'
import { type Clients, type Operation, width } from './clients.ts'
import { inParallel } from './in-parallel.ts'
import type { Purchase } from './plan.ts'
import { cancelAsked, type Goods, orderAsked, type Shop } from './shop.ts'

export type Buying = { clients: Clients; shop: Shop; goods: Goods }

export type Burst = {
  /** Purchases that are under way or still to come. */
  open(): number
  done: Promise<{ operations: Operation[]; lengthMs: number }>
}

/** All purchases, in bounded parallel; answers with the first attempt at each operation. */
export const startBurst = (buying: Buying, purchases: readonly Purchase[]): Burst => {
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
  const bought = await clients.ask(orderAsked(shop, goods, purchase))
  if (bought.outcome === 'unknown') await sleep(pauseAfterUnknownMs)
  if (bought.outcome !== 'ok' || !purchase.cancels) return [bought]
  const cancelled = await clients.ask(cancelAsked(shop, purchase, orderIdOf(bought.reply)))
  return [bought, cancelled]
}
