import { setTimeout as sleep } from 'node:timers/promises'
import type { Buying } from './burst.ts'
import type { Operation } from './clients.ts'
import { orderAsked } from './shop.ts'
import { buyersCount } from './usual-sale.ts'

/**
 * Buyers who come at a steady pace beside the burst, whether others are answered or not, and want
 * what there is plenty of. By how many of them get it one sees how good the system is at a time.
 */

export type Pulse = {
  /** Each at its first answer, with the moment at which it was sent. */
  beats: readonly Beat[]
  /** Sends nothing more, and waits for the answers that are due. */
  stop(): Promise<Operation[]>
}

export type Beat = { sentAt: number; operation?: Operation }

const beatMs = 20

export const startPulse = ({ clients, shop, goods }: Buying, name: string): Pulse => {
  const beats: Beat[] = []
  const underWay = new Set<Promise<void>>()
  const send = async (): Promise<void> => {
    const beat: Beat = { sentAt: performance.now() }
    const number = beats.push(beat)
    const purchase = {
      key: `${name}-beat-${number}`,
      buyer: number % buyersCount,
      wants: ['product'],
      quantity: 1,
      resends: false,
    } as const
    beat.operation = await clients.ask(orderAsked(shop, goods, purchase))
  }
  const timer = setInterval(() => {
    const sending = send().finally(() => underWay.delete(sending))
    underWay.add(sending)
  }, beatMs)
  const stop = async (): Promise<Operation[]> => {
    clearInterval(timer)
    await Promise.all(underWay)
    return beats.flatMap(({ operation }) => operation ?? [])
  }
  return { beats, stop }
}

/** Half a second of them. */
const window = 25
const good = 0.9

/**
 * When the beats from a moment on were as good again as before another: of as many as are sent in
 * half a second, nine tenths of the share that was answered with an order then. Undefined where
 * that cannot be said, or not yet.
 */
export const goodAgainAt = (
  beats: readonly Beat[],
  { struckAt, mendedAt }: { struckAt: number; mendedAt: number },
): number | undefined => {
  const before = shareOk(beats.filter(({ sentAt }) => sentAt < struckAt))
  const after = beats.filter(({ sentAt }) => sentAt >= mendedAt)
  for (let first = 0; first + window <= after.length; first++) {
    const share = shareOk(after.slice(first, first + window))
    if (share >= good * before) return after[first]?.sentAt
  }
  return undefined
}

/** One without an answer is not ok. */
const shareOk = (beats: readonly Beat[]): number =>
  beats.filter(({ operation }) => operation?.outcome === 'ok').length / Math.max(beats.length, 1)

const goodWithinMs = 15_000

/** Waits for it; undefined where it was not within 15 s. */
export const untilGoodAgain = async (
  { beats }: Pulse,
  moments: { struckAt: number; mendedAt: number },
): Promise<number | undefined> => {
  const deadline = performance.now() + goodWithinMs
  while (performance.now() < deadline) {
    const at = goodAgainAt(beats, moments)
    if (at !== undefined) return at
    await sleep(beatMs * 5)
  }
  return undefined
}
