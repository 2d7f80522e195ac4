import type { Stack } from '@flash-deal/local/stack'
import { variantsOf } from './arm-health.ts'
import type { Outcome } from './generator/protocol.ts'
import type { Instance } from './instance.ts'
import type { PostgresProbe } from './probes/postgres.ts'
import type { RedisProbe } from './probes/redis.ts'
import type { ProcessGroups } from './process-groups.ts'
import type { Arm, Slice } from './record.ts'
import {
  difference,
  figuresOf,
  type Snapshot,
  scrapeAll,
  systemCpuOf,
  takeSnapshot,
} from './snapshot.ts'
import type { Subject } from './subjects/subject.ts'
import { checkPeriodMs, untilAtRest } from './until-at-rest.ts'

/** A measured slice without its position in the run, which the runner adds. */
export type Measured = Omit<
  Slice,
  'kind' | 'phase' | 'restart' | 'block' | 'pair' | 'position' | 'startedAtMs'
>

export type Probes = { processes: ProcessGroups; postgres: PostgresProbe; redis: RedisProbe }

/**
 * Measures a load on one arm by the counters before and after it. `arms` are all arms that run; the
 * others are idle.
 */
export class SliceMeasurement {
  readonly #subject: Subject
  readonly #probes: Probes
  readonly #stackOf: (arm: Arm) => Stack

  /** @param stackOf returns the stack as an arm sees it */
  constructor(subject: Subject, probes: Probes, stackOf: (arm: Arm) => Stack) {
    this.#subject = subject
    this.#probes = probes
    this.#stackOf = stackOf
  }

  async measured(
    instance: Instance,
    arms: readonly Instance[],
    load: () => Promise<Outcome>,
  ): Promise<Measured> {
    const { warmedMs, warmedRequests } = instance
    const health = await variantsOf(instance)
    const before = await this.#snapshot(instance, arms)
    const { outcome, waitsMs } = await this.#watched(load)
    const settlingMs = await this.settled(instance)
    const {
      bytesIn,
      bytesOut,
      latency,
      accepted: _,
      others,
      elapsedMs: loadMs,
      ...counted
    } = outcome
    const elapsedMs = loadMs + settlingMs
    const figures = figuresOf(before, await this.#snapshot(instance, arms), { elapsedMs })
    return {
      arm: instance.arm.name,
      warmedMs,
      warmedRequests,
      durationMs: elapsedMs,
      ...(this.#subject.settle && { loadMs }),
      ...counted,
      latency: { ok: latency, ...others },
      health,
      waitsMs,
      ...figures,
      counts: { ...figures.counts, 'bytes in': bytesOut, 'bytes out': bytesIn },
    }
  }

  /** Waits until the accepted work of this arm is done. Returns the milliseconds. */
  async settled({ arm }: Instance): Promise<number> {
    const { settle } = this.#subject
    if (settle === undefined || arm.role === 'ceiling') return 0
    const begin = performance.now()
    await settle(this.#stackOf(arm))
    return performance.now() - begin
  }

  /** Waits until all arms are at rest. Returns the CPU that the system used meanwhile, by process. */
  async cpuUntilAtRest(
    instance: Instance,
    arms: readonly Instance[],
  ): Promise<Record<string, number>> {
    const { system } = this.#probes.processes.of(instance, arms)
    const before = systemCpuOf(system)
    await this.untilAtRest(arms)
    return difference(systemCpuOf(system), before)
  }

  async untilAtRest(arms: readonly Instance[]): Promise<void> {
    const { RELAY_INTERVAL_MS = 0 } = this.#subject.settings ?? {}
    await untilAtRest(arms, checkPeriodMs(Number(RELAY_INTERVAL_MS)))
  }

  /** Adds the milliseconds that PostgreSQL's backends waited meanwhile. */
  async #watched(load: () => Promise<Outcome>) {
    const waits = this.#probes.postgres.watchWaits()
    try {
      return { outcome: await load(), waitsMs: await waits.stop() }
    } finally {
      // If the load has failed, its error is the one to report.
      await waits.stop().catch(() => {})
    }
  }

  async #snapshot(instance: Instance, arms: readonly Instance[]): Promise<Snapshot> {
    const { processes, postgres, redis } = this.#probes
    const scraped = await scrapeAll(instance, this.#subject.id)
    const counts = { ...(await postgres.counts()), ...(await redis.counts()) }
    return takeSnapshot(processes.of(instance, arms), scraped, counts)
  }
}
