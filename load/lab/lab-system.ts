import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { needing, resolveScenarios } from '@flash-deal/config'
import type { ServiceName } from '@flash-deal/local/services'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { type ArmState, armStatesOf, flagsOf, kafkaOf } from './arm-state.ts'
import { layout, pin } from './cores.ts'
import { type Generator, startGenerator } from './generator/generator.ts'
import type { K6Load } from './generator/k6-load.ts'
import type { Order, Outcome, Schedule, Template } from './generator/protocol.ts'
import { alwaysOn } from './header.ts'
import { type Instance, startCeiling, startServices } from './instance.ts'
import { cpuUsOf, familyOf, kernelThreads } from './probes/cpu.ts'
import { type PostgresProbe, postgresProbe } from './probes/postgres.ts'
import { type RedisProbe, redisProbe } from './probes/redis.ts'
import type { Arm, Counted, Slice } from './record.ts'
import {
  difference,
  figuresOf,
  type Groups,
  type Snapshot,
  scrapeAll,
  systemCpuOf,
  takeSnapshot,
} from './snapshot.ts'
import type { Extent, Subject } from './subjects/subject.ts'
import { violationsOf } from './violations.ts'

/**
 * The system under measurement: one PostgreSQL and one Valkey, in which each arm has its own data
 * (arm-state.ts), and separate processes for each arm.
 */

/** A measured slice without its position in the run, which the runner adds. */
export type Measured = Omit<
  Slice,
  'kind' | 'phase' | 'restart' | 'block' | 'pair' | 'position' | 'startedAtMs'
>

/** The Valkeys of Redlock run only if an arm needs them. */
const caches = ['valkey', 'redlock-1', 'redlock-2', 'redlock-3']

export const services: readonly ServiceName[] = ['gateway', 'order', 'product', 'auth']

/** Periodic background work is off, because it would run in some slices and not in others. */
export const quiet = {
  LOG_LEVEL: 'warn',
  SWEEP_INTERVAL_MS: '600000',
  RELAY_INTERVAL_MS: '600000',
  RETENTION_INTERVAL_MS: '86400000',
  INVARIANTS_INTERVAL_MS: '86400000',
}

/** The options of `open`. */
export type Opening = {
  subject: Subject
  /** Each gets its own data to write to, unless the system is shared. */
  arms: readonly Arm[]
  extent: Extent
  abort: AbortSignal
  /** A running system to use; it is not stopped. By default a new one is started. */
  shared?: Stack | undefined
}

export class LabSystem {
  readonly #opening: Opening
  readonly #subject: Subject
  readonly #stack: Stack
  readonly #generator: Generator
  readonly #states: ReadonlyMap<string, ArmState>
  readonly #postgres: PostgresProbe
  readonly #redis: RedisProbe
  #instances: Instance[] = []
  #templates: Template[] = []
  /** The number of loads so far. */
  #ordered = 0
  #play = (instance: Instance, durationMs: number) => this.#load(instance, durationMs)

  private constructor(
    opening: Opening,
    stack: Stack,
    states: ReadonlyMap<string, ArmState>,
    postgres: PostgresProbe,
  ) {
    this.#opening = opening
    this.#subject = opening.subject
    this.#stack = stack
    this.#states = states
    this.#generator = startGenerator(opening.extent === 'full' ? layout.generator : undefined)
    this.#postgres = postgres
    this.#redis = redisProbe(`redis://127.0.0.1:${stack.settings.VALKEY_PORT}`)
  }

  /** Starts everything but the arms, creates their data, and returns its numbers of rows. */
  static async open(
    opening: Opening,
  ): Promise<{ system: LabSystem; data: Record<string, number> }> {
    const { subject, extent, abort, shared } = opening
    // The migrator applies scenarios of the seam `data` before anything starts.
    const settings = { ...quiet, ...flagsOf(alwaysOn(subject)), ...subject.settings }
    const stack = shared ?? (await startStack({ abort, settings }))
    try {
      const data = await subject.prepare(stack, extent)
      // From here on only the arms receive requests; other idle processes would only add noise.
      if (shared === undefined) await stopNeedless(stack, subject)
      // A shared system keeps running, and a database in use cannot be copied.
      const isCopied = shared === undefined
      const states = isCopied ? await armStatesOf(subject, stack, opening.arms) : new Map()
      const probe = await postgresProbe(stack.adminUrl)
      return { system: new LabSystem(opening, stack, states, probe), data }
    } catch (error) {
      if (shared === undefined) await stack.end()
      throw error
    }
  }

  /** The results of the subject's counting experiments. */
  async counted(): Promise<Counted[]> {
    return (await this.#subject.count?.(this.#stack, this.#opening.extent)) ?? []
  }

  async settings(): Promise<Record<string, string>> {
    const given = { ...quiet, ...this.#subject.settings }
    return { ...given, ...(await this.#postgres.settings()), ...(await this.#redis.settings()) }
  }

  /** Starts new processes for each arm and stops the old ones. The baseline gives the expected responses. */
  async restart(arms: readonly Arm[]): Promise<readonly Instance[]> {
    await this.#stopArms()
    for (const stack of this.#ownStacks()) await this.#subject.reset?.(stack)
    for (const arm of arms) {
      this.#instances.push(await this.#start(arm))
      if (arm.role === 'baseline') {
        const { stack } = this.#stateOf(arm)
        const { extent } = this.#opening
        this.#templates = await this.#subject.templates(this.#origin(), stack, extent)
      }
    }
    return this.#instances
  }

  #stateOf(arm: Arm): ArmState {
    return this.#states.get(arm.name) ?? { stack: this.#stack, environment: kafkaOf(arm) }
  }

  /** The stack as each arm with its own data sees it; one if all arms share the data. */
  #ownStacks(): Stack[] {
    const own = [...this.#states.values()].map(({ stack }) => stack)
    const copies = own.filter((stack) => stack !== this.#stack)
    return copies.length > 0 ? copies : [this.#stack]
  }

  async #stopArms(): Promise<void> {
    const processes = this.#instances.flatMap((instance) => instance.processes)
    for (const { name } of processes) await this.#stack.supervisor.stop(name)
    this.#instances = []
  }

  #start(arm: Arm): Promise<Instance> {
    const place = { subject: this.#subject, arm, ...this.#stateOf(arm) }
    if (arm.role !== 'ceiling') return startServices(place)
    const paths = this.#templates.map(({ wire }) => wire.split(' ')[1] ?? '')
    return startCeiling(place, { origin: this.#origin(), paths })
  }

  #origin(): string {
    return this.#instances[0]?.address ?? ''
  }

  /**
   * Sends so many requests to each arm, two arms at a time, on all cores. The two equal baselines come
   * first and together, so that they are warmed up alike. An abort ends it at once.
   */
  async warm(requests: number, abort: AbortSignal): Promise<void> {
    const isPinned = this.#opening.extent === 'full'
    if (isPinned) pin(this.#pids(), Object.values(layout))
    for (const pair of inTwos(this.#instances)) {
      if (abort.aborted) return
      const loads = pair.map((instance) => this.#warmed(instance, requests))
      await Promise.race([Promise.all(loads), once(abort, 'abort')])
    }
    if (isPinned) {
      pin(this.#pids(), [layout.server])
      pin(this.#helpers(), [layout.generator])
    }
  }

  /** Work that was accepted is done before the first slice. */
  async #warmed(instance: Instance, requests: number): Promise<void> {
    await this.#load(instance, warmLimitMs, requests)
    await this.#settled(instance)
  }

  #pids(): number[] {
    const shared = [...this.#besides().flatMap(([, pids]) => pids), ...this.#pidsOf(['kafka'])]
    return [...shared, ...this.#instances.flatMap(processesOf)]
  }

  #helpers(): number[] {
    return this.#pidsOf(this.#subject.helpers ?? [])
  }

  #pidsOf(names: readonly string[]): number[] {
    return names.flatMap((name) => this.#stack.supervisor.pid(name) ?? [])
  }

  /** The processes that all arms share, by name. */
  #besides(): [string, number[]][] {
    return [
      ...(this.#subject.shared ?? []).map((name): [string, number[]] => [
        name,
        this.#pidsOf([name]),
      ]),
      ['postgres', this.#pidsOf(['postgres']).flatMap(familyOf)],
      ['redis', this.#pidsOf(caches)],
    ]
  }

  /** Slices are played by k6 from now on; the warm-up does not change. */
  playWith(play: K6Load): void {
    this.#play = ({ arm, address }, durationMs) => play(address, durationMs, expectationOf(arm))
  }

  /** Slices are an open loop from now on; the warm-up does not change. */
  playOnSchedule(schedule: Schedule): void {
    this.#play = (instance, durationMs) => {
      const load = { port: instance.port, connections: openLines, durationMs, schedule }
      return this.#generator.run({ ...load, ...this.#requests(instance) })
    }
  }

  /** Measures an arm under the load of the run. If the load writes, it then waits until the system is at rest. */
  async slice(instance: Instance, durationMs: number): Promise<Measured> {
    const measured = await this.#measured(instance, () => this.#play(instance, durationMs))
    if (this.#subject.onlyReads || this.#opening.extent === 'smoke') return measured
    return { ...measured, afterCpu: await this.#untilAtRest(instance) }
  }

  /**
   * Waits until every arm uses at most the CPU of an idle arm over a whole round of the relay. Returns
   * the CPU that the system used meanwhile, by process.
   */
  async #untilAtRest(instance: Instance): Promise<Record<string, number>> {
    const { system } = this.#groups(instance)
    const before = systemCpuOf(system)
    const begin = performance.now()
    const own = this.#subject.settings?.RELAY_INTERVAL_MS
    const roundMs = Math.min(2_000, Math.max(250, 1.25 * Number(own ?? 0)))
    for (let used = Number.POSITIVE_INFINITY; used > restLimit * roundMs * 1_000; ) {
      const usedBefore = this.#usedByArms()
      await sleep(roundMs)
      used = Math.max(...this.#usedByArms().map((after, arm) => after - (usedBefore[arm] ?? 0)))
      if (performance.now() - begin > restWithinMs) break
    }
    return difference(systemCpuOf(system), before)
  }

  /** Microseconds of CPU so far, for each arm. */
  #usedByArms(): number[] {
    return this.#instances.map((instance) => cpuUsOf(processesOf(instance)))
  }

  /** Measures an arm in a closed loop, to find its capacity. */
  capacitySlice(instance: Instance, durationMs: number): Promise<Measured> {
    return this.#measured(instance, () => this.#load(instance, durationMs))
  }

  async #measured(instance: Instance, load: () => Promise<Outcome>): Promise<Measured> {
    const { warmedMs, warmedRequests } = instance
    const health = await variantsOf(instance)
    const before = await this.#snapshot(instance)
    const { outcome, waitsMs } = await this.#watched(load)
    const settlingMs = await this.#settled(instance)
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
    const figures = figuresOf(before, await this.#snapshot(instance), { elapsedMs })
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

  /** Waits until the work of this arm that was accepted is done. Returns milliseconds. */
  async #settled({ arm }: Instance): Promise<number> {
    const { settle } = this.#subject
    if (settle === undefined || arm.role === 'ceiling') return 0
    const begin = performance.now()
    await settle(this.#stateOf(arm).stack)
    return performance.now() - begin
  }

  /** Adds the milliseconds that PostgreSQL's backends waited meanwhile. */
  async #watched(load: () => Promise<Outcome>) {
    const waits = this.#postgres.watchWaits()
    try {
      return { outcome: await load(), waitsMs: await waits.stop() }
    } finally {
      await waits.stop()
    }
  }

  async #load(instance: Instance, durationMs: number, requests?: number): Promise<Outcome> {
    const { port } = instance
    const { connections } = this.#subject
    const outcome = await this.#generator.run({
      ...{ port, connections, durationMs, ...this.#requests(instance) },
      ...(requests !== undefined && { requests }),
    })
    instance.warmedMs += outcome.elapsedMs
    instance.warmedRequests += outcome.requests
    return outcome
  }

  /** Each load draws its own sequence from the same distribution. */
  #requests({ arm }: Instance): Pick<Order, 'templates' | 'zipf'> {
    const { id, zipf: exponent, responses = {} } = this.#subject
    const own = responses[arm.scenarios[id] ?? '']
    this.#ordered += 1
    return {
      templates: this.#templates.map((template) => ({ ...template, ...own })),
      ...(exponent !== undefined && { zipf: { exponent, seed: this.#ordered } }),
    }
  }

  async #snapshot(instance: Instance): Promise<Snapshot> {
    const scraped = await scrapeAll(instance, this.#subject.id)
    const counts = { ...(await this.#postgres.counts()), ...(await this.#redis.counts()) }
    return takeSnapshot(this.#groups(instance), scraped, counts)
  }

  /**
   * The processes whose CPU time is read in groups; the other arms idle. Kafka counts for the arms
   * that need it.
   */
  #groups(instance: Instance): Groups {
    const kafka = this.#pidsOf(['kafka'])
    const usesKafka = needsKafka(instance.arm)
    const others = this.#instances.filter((each) => each !== instance)
    const own = instance.processes.map(({ service, pid }): [string, number[]] => [service, [pid]])
    return {
      system: Object.fromEntries([
        ...own,
        ...this.#besides(),
        ...(usesKafka ? [['kafka', kafka] as const] : []),
      ]),
      apart: {
        generator: [this.#generator.pid],
        helpers: this.#helpers(),
        kernel: kernelThreads(),
        lab: [process.pid],
        kafka: usesKafka ? [] : kafka,
      },
      idle: Object.fromEntries(others.map((each) => [each.arm.name, processesOf(each)])),
    }
  }

  /** The violated invariants, one sentence each. */
  async violations(): Promise<string[]> {
    if (this.#subject.onlyReads) return []
    const found: string[] = []
    for (const { databases } of this.#ownStacks()) {
      const violations = await violationsOf(databases, this.#subject.comesToRest)
      const name = new URL(databases.orderUrl).pathname.slice(1)
      found.push(...violations.map((violation) => `${violation} (database ${name})`))
    }
    return found
  }

  async end(): Promise<void> {
    this.#generator.end()
    this.#redis.end()
    await this.#postgres.end()
    await (this.#opening.shared === undefined ? this.#stack.end() : this.#stopArms())
  }
}

const stopNeedless = async ({ supervisor }: Stack, { shared }: Subject): Promise<void> => {
  const needless = services.filter((name) => !shared?.includes(name))
  await Promise.all(needless.map((name) => supervisor.stop(name)))
}

const needsKafka = ({ scenarios }: Arm): boolean =>
  needing('kafka', resolveScenarios({}, flagsOf(scenarios)).scenarios).length > 0

/** The variants that a k6 script checks before it starts. */
const expectationOf = ({ scenarios }: Arm) => ({
  EXPECT: Object.entries(scenarios)
    .map(([id, variant]) => `${id}=${variant}`)
    .join(','),
})

/** The variants on `/health` of all processes of an arm; if they differ, all values. */
const variantsOf = async ({ arm, processes }: Instance): Promise<Record<string, string>> => {
  if (arm.role === 'ceiling') return {}
  const shown = await Promise.all(processes.map(({ port }) => scenariosAt(port)))
  const ids = Object.keys(Object.assign({}, ...shown))
  return Object.fromEntries(
    ids.map((id) => [id, [...new Set(shown.map((each) => each[id] ?? 'nothing'))].join(' and ')]),
  )
}

const scenariosAt = async (port: number): Promise<Record<string, string>> => {
  const health = await fetch(`http://127.0.0.1:${port}/health`)
  return ((await health.json()) as { scenarios: Record<string, string> }).scenarios
}

/** Pairs in sequence; the first two items are the baseline and its repeat. */
const inTwos = <Item>(items: readonly Item[]): Item[][] =>
  items.flatMap((_, at) => (at % 2 === 0 ? [items.slice(at, at + 2)] : []))

/** A longer warm-up is cut off, and its slices record fewer requests. */
const warmLimitMs = 1_200_000

/** The most requests in flight in an open loop; further ones wait, and the wait is counted. */
const openLines = 200

/** A share of a core for each arm; below the limit for idle arms. */
const restLimit = 0.009
const restWithinMs = 10_000

const processesOf = ({ processes }: Instance): number[] => processes.map(({ pid }) => pid)
