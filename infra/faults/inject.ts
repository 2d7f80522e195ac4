import { setTimeout as sleep } from 'node:timers/promises'
import type { Act } from './acts/act.ts'
import type { Burst } from './burst.ts'
import type { Clients } from './clients.ts'
import { type Pulse, type Served, servedBetween, untilGoodAgain } from './pulse.ts'
import type { SystemUnderTest } from './system-under-test.ts'

/** What can be timed of it, in milliseconds. */
export type Times = {
  /** Since the burst began. */
  atMs: number
  /** From the moment on which it is put right until the gateway says that all are ready. */
  servesAfterMs?: number
  /** From the same moment until nine in ten of the steady buyers get their order again. */
  goodAfterMs?: number
}

export type Injection = {
  /** Why it does not count. */
  inconclusive?: string
  times: Times
  /** How the steady buyers fared while it went on. */
  served?: Served
}

export type InjectionOf = {
  system: SystemUnderTest
  clients: Clients
  act: Act
  lastsMs: number
  atMs: number
  pulse: Pulse | undefined
}

/**
 * Lets it happen at its moment of the burst, puts it right, and waits until all is well again.
 * @throws PlainError where the target does not come back
 */
export const inject = async (given: InjectionOf, burst: Burst): Promise<Injection> => {
  const { clients, act, atMs, lastsMs } = given
  if (!act.inject) return { times: { atMs: 0 } }
  await sleep(atMs)
  const open = burst.open()
  if (open === 0) return { inconclusive: 'the burst was over before the fault', times: { atMs } }
  clients.note('fault', { open })
  const failure = await act.inject()
  const injectedAt = performance.now()
  await sleep(lastsMs)
  const mendedAt = performance.now()
  await act.mend?.()
  clients.note('mended')
  const times = await recovery(given, mendedAt)
  const served = servedBetween(given.pulse?.beats ?? [], injectedAt, mendedAt)
  return { times, served, ...(failure !== undefined && { inconclusive: failure }) }
}

const recovery = async (
  { system, clients, pulse, atMs }: InjectionOf,
  mendedAt: number,
): Promise<Times> => {
  if (!pulse) return { atMs }
  const since = (moment: number): number => Math.round(moment - mendedAt)
  // The gateway asks the others; the client waits for as long as it says 503.
  await system.api('/health/ready')
  const servesAfterMs = since(performance.now())
  clients.note('ready')
  const goodAt = await untilGoodAgain(pulse, mendedAt)
  return { atMs, servesAfterMs, ...(goodAt !== undefined && { goodAfterMs: since(goodAt) }) }
}
