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

export type Beat = TimedBeat & { operation?: Operation }

/** In milliseconds, by the clock of this process. */
export type TimedBeat = {
  sentAt: number
  answeredAt?: number
  operation?: Pick<Operation, 'outcome'>
}

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
    beat.answeredAt = performance.now()
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
 * When it was good again: nine in ten of the beats that were sent within half a second, after it was
 * put right, had their order. That is nine tenths of the goodput before the fault, when each of them
 * gets what he wants. Undefined where it is not so yet.
 */
export const goodAgainAt = (beats: readonly TimedBeat[], mendedAt: number): number | undefined => {
  const wanted = Math.ceil(good * window)
  const after = beats.filter(({ sentAt }) => sentAt >= mendedAt)
  const windows = after.slice(window - 1).map((_, first) => after.slice(first, first + window))
  const moments = windows.flatMap((each) => ordersAmong(each)[wanted - 1] ?? [])
  return moments.length > 0 ? Math.min(...moments) : undefined
}

/** When those who got an order got it, the first before the others. */
const ordersAmong = (beats: readonly TimedBeat[]): number[] =>
  beats
    .filter(({ operation }) => operation?.outcome === 'ok')
    .map(({ answeredAt = Infinity }) => answeredAt)
    .toSorted((one, other) => one - other)

export type Served = { asked: number; served: number }

/** How many of those who were sent from one moment to another got their order. */
export const servedBetween = (beats: readonly TimedBeat[], from: number, to: number): Served => {
  const sent = beats.filter(({ sentAt }) => sentAt >= from && sentAt < to)
  const served = sent.filter(({ operation }) => operation?.outcome === 'ok')
  return { asked: sent.length, served: served.length }
}

/** A sentence where fewer than half of them did. */
export const neglected = ({ asked, served }: Served): string[] =>
  served * 2 > asked
    ? []
    : [`While it went on, ${served} of ${asked} steady buyers got their order`]

const goodWithinMs = 15_000

/** Waits for it; undefined where it was not within 15 s. */
export const untilGoodAgain = async (
  { beats }: Pulse,
  mendedAt: number,
): Promise<number | undefined> => {
  const deadline = performance.now() + goodWithinMs
  while (performance.now() < deadline) {
    const at = goodAgainAt(beats, mendedAt)
    if (at !== undefined) return at
    await sleep(beatMs * 5)
  }
  return undefined
}
