import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import type { Burst } from './burst.ts'
import type { Clients } from './clients.ts'
import type { Fault } from './faults.ts'
import type { Random } from './random.ts'

export type Strike = {
  /** Why it does not count. */
  void?: string
  /** Since the burst began. */
  atMs: number
  /** From the fault until the gateway says that all are ready. */
  backAfterMs: number
}

type Striking = { bench: Bench; clients: Clients; fault: Fault; random: Random; atMs: number }

/**
 * Lets the fault happen at its moment of the burst, and undoes it at once.
 * @throws PlainError where the target does not come back
 */
export const strike = async (striking: Striking, burst: Burst): Promise<Strike> => {
  const { bench, clients, fault, random, atMs } = striking
  await sleep(atMs)
  const open = burst.open()
  if (open === 0) return { void: 'the burst was over before the fault', atMs, backAfterMs: 0 }
  const begin = performance.now()
  clients.note('fault', { kind: fault.kind, target: fault.target, open })
  const failure = await fault.inject(bench.stack, random)
  await fault.undo(bench.stack)
  await allReady(bench)
  clients.note('undone')
  const backAfterMs = performance.now() - begin
  return { atMs, backAfterMs, ...(failure === undefined ? {} : { void: failure }) }
}

/** The gateway asks the others; the client waits for as long as it says 503. */
const allReady = async ({ api }: Bench): Promise<void> => {
  await api('/health/ready')
}
