import { setTimeout as sleep } from 'node:timers/promises'
import type { Clients, Operation } from './clients.ts'
import { inParallel } from './in-parallel.ts'
import { cancelRequest, type Offer, orderRequest, type Users } from './offer.ts'
import type { Purchase } from './purchase.ts'
import { orderIdOf } from './replies.ts'

export type Buying = { clients: Clients; users: Users; offer: Offer }

export type Burst = {
  /** Purchases in progress or not yet started. */
  open(): number
  done: Promise<{ operations: Operation[]; lengthMs: number }>
}

/** Runs all purchases, `width` at a time. Resolves to the first attempt of each operation. */
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

/** Without this pause a burst would end before a stopped service has restarted. */
const pauseAfterUnknownMs = 250

const buy = async ({ clients, users, offer }: Buying, purchase: Purchase): Promise<Operation[]> => {
  const { abortsAfterMs, cancelsAfterMs } = purchase
  const bought = await clients.send(orderRequest(users, offer, purchase), abortsAfterMs)
  if (bought.outcome === 'unknown') await sleep(pauseAfterUnknownMs)
  if (bought.outcome !== 'ok' || cancelsAfterMs === undefined) return [bought]
  if (cancelsAfterMs > 0) await sleep(cancelsAfterMs)
  const cancelled = await clients.send(cancelRequest(users, purchase, orderIdOf(bought.reply)))
  return [bought, cancelled]
}
