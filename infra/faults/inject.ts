import { setTimeout as sleep } from 'node:timers/promises'
import type { Burst } from './burst.ts'
import type { Clients } from './clients.ts'
import type { PreparedFault } from './injections/prepared-fault.ts'
import { type Served, type SteadyLoad, servedBetween, waitForNormal } from './steady-load.ts'
import type { SystemUnderTest } from './system-under-test.ts'

/** Times of an injection in milliseconds. */
export type Times = {
  /** Injection, counted from the start of the burst. */
  atMs: number
  /** From recovery until the gateway's readiness check succeeds. */
  servesAfterMs?: number
  /** From recovery until 90 % of the steady load is served again. */
  goodAfterMs?: number
}

export type Injection = {
  /** Why the round does not count. */
  inconclusive?: string
  times: Times
  /** The steady load during the fault. */
  served?: Served
}

export type InjectionOptions = {
  system: SystemUnderTest
  clients: Clients
  prepared: PreparedFault
  lastsMs: number
  atMs: number
  steadyLoad: SteadyLoad | undefined
}

/**
 * Injects the fault at `atMs` of the burst, recovers after `lastsMs`, and waits for normal service.
 * @throws PlainError if the target does not recover
 */
export const inject = async (given: InjectionOptions, burst: Burst): Promise<Injection> => {
  const { clients, prepared, atMs, lastsMs } = given
  if (!prepared.inject) return { times: { atMs: 0 } }
  await sleep(atMs)
  const open = burst.open()
  if (open === 0) return { inconclusive: 'the burst was over before the fault', times: { atMs } }
  clients.record('fault', { open })
  const failure = await prepared.inject()
  const injectedAt = performance.now()
  await sleep(lastsMs)
  const recoveredAt = performance.now()
  await prepared.recover?.()
  clients.record('recovered')
  const times = await recovery(given, recoveredAt)
  const served = servedBetween(given.steadyLoad?.requests ?? [], injectedAt, recoveredAt)
  return { times, served, ...(failure !== undefined && { inconclusive: failure }) }
}

const recovery = async (
  { system, clients, steadyLoad, atMs }: InjectionOptions,
  recoveredAt: number,
): Promise<Times> => {
  if (!steadyLoad) return { atMs }
  const since = (moment: number): number => Math.round(moment - recoveredAt)
  // The gateway checks all services. The client retries while it responds with 503.
  await system.api('/health/ready')
  const servesAfterMs = since(performance.now())
  clients.record('ready')
  const goodAt = await waitForNormal(steadyLoad, recoveredAt)
  return { atMs, servesAfterMs, ...(goodAt !== undefined && { goodAfterMs: since(goodAt) }) }
}
