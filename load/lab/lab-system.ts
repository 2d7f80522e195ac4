import type { ServiceName } from '@flash-deal/local/services'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { ArmLoad } from './arm-load.ts'
import { type ArmState, armStatesOf, flagsOf, kafkaOf } from './arm-state.ts'
import type { K6Load } from './generator/k6-load.ts'
import type { Schedule } from './generator/protocol.ts'
import { alwaysOn } from './header.ts'
import { type Instance, startCeiling, startServices } from './instance.ts'
import type { Pace } from './pace.ts'
import { type PostgresProbe, postgresProbe } from './probes/postgres.ts'
import { type RedisProbe, redisProbe } from './probes/redis.ts'
import { ProcessGroups } from './process-groups.ts'
import type { Arm, Counted } from './record.ts'
import { type Measured, SliceMeasurement } from './slice-measurement.ts'
import type { Extent, Subject } from './subjects/subject.ts'
import { violationsOf } from './violations.ts'
import { type WarmUp, warmUp } from './warm-up.ts'

/**
 * The system under measurement: one PostgreSQL and one Valkey, in which each arm has its own data
 * (arm-state.ts), and separate processes for each arm.
 */

export const services: readonly ServiceName[] = ['gateway', 'order', 'product', 'auth']

/** Periodic background work is off, because it would run in some slices and not in others. */
export const quiet = {
  LOG_LEVEL: 'warn',
  SWEEP_INTERVAL_MS: '600000',
  RELAY_INTERVAL_MS: '600000',
  RETENTION_INTERVAL_MS: '86400000',
  INVARIANTS_INTERVAL_MS: '86400000',
  HEALTH_INTERVAL_MS: '60000',
}

/** The options of `open`. */
export type Opening = {
  subject: Subject
  /** Each has its own database, unless the system is shared or the load only reads. */
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
  readonly #load: ArmLoad
  readonly #processes: ProcessGroups
  readonly #states: ReadonlyMap<string, ArmState>
  readonly #postgres: PostgresProbe
  readonly #redis: RedisProbe
  readonly #slices: SliceMeasurement
  #instances: Instance[] = []
  #source: Instance | undefined

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
    this.#load = new ArmLoad(opening.subject, opening.extent)
    this.#processes = new ProcessGroups(opening.subject, stack, this.#load.generatorPid)
    this.#postgres = postgres
    this.#redis = redisProbe(`redis://127.0.0.1:${stack.settings.VALKEY_PORT}`)
    const probes = { processes: this.#processes, postgres, redis: this.#redis }
    const stackOf = (arm: Arm) => this.#stateOf(arm).stack
    this.#slices = new SliceMeasurement(opening.subject, probes, stackOf)
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

  /** Starts new processes for each arm and stops the old ones. */
  async restart(arms: readonly Arm[]): Promise<readonly Instance[]> {
    await this.#stopArms()
    for (const stack of this.#ownStacks()) await this.#subject.reset?.(stack)
    const baseline = arms.find(({ role }) => role === 'baseline')
    if (!baseline) throw new RangeError('A run needs a baseline')
    this.#source = await this.#startSource(baseline)
    const { stack } = this.#stateOf(baseline)
    const { extent } = this.#opening
    this.#load.use(await this.#subject.templates(this.#source.address, stack, extent))
    for (const arm of arms) this.#instances.push(await this.#start(arm, this.#source))
    return this.#instances
  }

  /**
   * Starts the services of the baseline once more, for the expected responses: those of the templates
   * and those that a ceiling copies. They cannot come from an arm: after the first two dozen requests had
   * had other headers than those of the load, each later request took 8 % more CPU, also after a
   * million requests.
   */
  #startSource(baseline: Arm): Promise<Instance> {
    const arm = { ...baseline, name: 'source' }
    return startServices({ subject: this.#subject, ...this.#stateOf(baseline), arm }, quiet)
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
    await this.#stopSource()
    await Promise.all(this.#instances.map((instance) => this.#stop(instance)))
    this.#instances = []
  }

  async #stopSource(): Promise<void> {
    if (this.#source) await this.#stop(this.#source)
    this.#source = undefined
  }

  async #stop({ processes }: Instance): Promise<void> {
    await Promise.all(processes.map(({ name }) => this.#stack.supervisor.stop(name)))
  }

  #start(arm: Arm, { address }: Instance): Promise<Instance> {
    const place = { subject: this.#subject, arm, ...this.#stateOf(arm) }
    if (arm.role !== 'ceiling') return startServices(place)
    return startCeiling(place, { origin: address, paths: this.#load.paths })
  }

  /** Loads all arms before the first slice. An abort ends it immediately, or after a round of an arm. */
  async warm(pace: Pace, abort: AbortSignal): Promise<void> {
    const cores = this.#opening.extent === 'full' ? this.#processes : undefined
    const load: WarmUp['load'] = (...given) => this.#warmed(...given)
    const slice: WarmUp['slice'] = (...given) => this.capacitySlice(...given)
    await warmUp({ arms: this.#instances, cores, load, slice }, pace, abort)
    if (pace.warmRounds === 0) return
    // By now the ceiling has all responses.
    await this.#stopSource()
    if (this.#subject.onlyReads) return
    await this.#slices.untilAtRest(this.#instances)
  }

  /** Waits after the load until accepted work is done. */
  async #warmed(instance: Instance, durationMs: number, requests: number): Promise<void> {
    await this.#load.closedLoop(instance, durationMs, requests)
    await this.#slices.settled(instance)
  }

  /** From now on k6 plays the slices. */
  playWith(play: K6Load): void {
    this.#load.playWith(play)
  }

  /** From now on slices are an open loop. */
  playOnSchedule(schedule: Schedule): void {
    this.#load.playOnSchedule(schedule)
  }

  /** Measures an arm under the load of the run. If the load writes, it then waits until the system is at rest. */
  async slice(instance: Instance, durationMs: number): Promise<Measured> {
    const load = () => this.#load.play(instance, durationMs)
    const measured = await this.#slices.measured(instance, this.#instances, load)
    if (this.#subject.onlyReads || this.#opening.extent === 'smoke') return measured
    const afterCpu = await this.#slices.cpuUntilAtRest(instance, this.#instances)
    return { ...measured, afterCpu }
  }

  /** Measures an arm in a closed loop, to find its capacity. */
  capacitySlice(instance: Instance, durationMs: number): Promise<Measured> {
    const load = () => this.#load.closedLoop(instance, durationMs)
    return this.#slices.measured(instance, this.#instances, load)
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
    this.#load.end()
    this.#redis.end()
    await this.#postgres.end()
    await (this.#opening.shared === undefined ? this.#stack.end() : this.#stopArms())
  }
}

const stopNeedless = async ({ supervisor }: Stack, { shared }: Subject): Promise<void> => {
  const needless = services.filter((name) => !shared?.includes(name))
  await Promise.all(needless.map((name) => supervisor.stop(name)))
}
