import { join } from 'node:path'
import { freePorts } from '@flash-deal/local/ports'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { brokenInvariants } from '@flash-deal/testing/invariants'
import { layout, pin } from './cores.ts'
import { type Generator, startGenerator } from './generator/generator.ts'
import type { Outcome, Template } from './generator/protocol.ts'
import { busyUsByCore, cpuUsOf, familyOf, residentBytesOf } from './probes/cpu.ts'
import { type PostgresProbe, postgresProbe } from './probes/postgres.ts'
import { type RedisProbe, redisProbe } from './probes/redis.ts'
import { toldBy } from './probes/told.ts'
import type { Arm, Slice } from './record.ts'
import { sum } from './stats/mean.ts'
import type { Subject } from './subjects/subject.ts'

/** The system under measurement: one database, one Redis, and a process for each arm. */

export type Instance = {
  arm: Arm
  port: number
  pid: number
  address: string
  /** Milliseconds that it has been under load. */
  warmedMs: number
}

/** A slice as it was measured; where it stands in the run, the runner knows. */
export type Measured = Omit<
  Slice,
  'kind' | 'phase' | 'restart' | 'block' | 'couple' | 'position' | 'startedAtMs'
>

const metricsOffset = 1_000

/** Background work that comes by the clock would fall into some slices and not into others. */
const settings = { LOG_LEVEL: 'warn', SWEEP_INTERVAL_MS: '600000', RELAY_INTERVAL_MS: '600000' }

export class Bench {
  readonly #subject: Subject
  readonly #stack: Stack
  readonly #generator: Generator
  readonly #postgres: PostgresProbe
  readonly #redis: RedisProbe
  #instances: Instance[] = []
  #templates: Template[] = []

  private constructor(subject: Subject, stack: Stack, postgres: PostgresProbe) {
    this.#subject = subject
    this.#stack = stack
    this.#generator = startGenerator(layout.generator)
    this.#postgres = postgres
    this.#redis = redisProbe(`redis://127.0.0.1:${stack.settings.VALKEY_PORT}`)
  }

  /** Starts everything but the arms, and makes the data; returns how much of it there is. */
  static async open(
    subject: Subject,
    abort: AbortSignal,
  ): Promise<{ bench: Bench; data: Record<string, number> }> {
    const stack = await startStack({ abort, settings })
    try {
      const data = await subject.prepare(stack)
      // From here on only the arms are asked; what idles beside them would only add noise.
      const services = ['gateway', 'order', 'product', 'auth']
      await Promise.all(services.map((name) => stack.supervisor.stop(name)))
      return { bench: new Bench(subject, stack, await postgresProbe(stack.adminUrl)), data }
    } catch (error) {
      await stack.end()
      throw error
    }
  }

  async settings(): Promise<Record<string, string>> {
    return { ...settings, ...(await this.#postgres.settings()), ...(await this.#redis.settings()) }
  }

  /** A fresh process for each arm; those of before end. The limit copies what the first answers. */
  async restart(arms: readonly Arm[]): Promise<readonly Instance[]> {
    for (const { arm } of this.#instances) await this.#stack.supervisor.stop(processOf(arm))
    this.#instances = []
    const ports = await freePorts(arms.length)
    for (const [index, arm] of arms.entries()) {
      const port = ports[index] ?? 0
      const instance = arm.role === 'limit' ? this.#limit(arm, port) : this.#service(arm, port)
      this.#instances.push(await instance)
      if (index === 0) this.#templates = await this.#subject.templates(this.#origin())
    }
    return this.#instances
  }

  #origin(): string {
    return this.#instances[0]?.address ?? ''
  }

  async #service(arm: Arm, port: number): Promise<Instance> {
    const name = processOf(arm)
    const variants = Object.entries(arm.scenarios).map(([id, variant]) => [
      `SCENARIO_${id}`,
      variant,
    ])
    const address = await this.#stack.startBeside({
      service: this.#subject.service,
      name,
      port,
      settings: { ...Object.fromEntries(variants), ...this.#subject.environment?.(arm) },
    })
    return { arm, port, address, pid: this.#stack.supervisor.pid(name) ?? 0, warmedMs: 0 }
  }

  async #limit(arm: Arm, port: number): Promise<Instance> {
    const paths = this.#templates.map(({ wire }) => wire.split(' ')[1] ?? '')
    const program = join(import.meta.dirname, 'limit-server.ts')
    const pid = this.#stack.supervisor.start({
      name: processOf(arm),
      kind: 'service',
      command: process.execPath,
      args: [program, String(port), this.#origin(), ...paths],
      env: {},
      output: 'lines',
    })
    const address = `http://127.0.0.1:${port}`
    await answering(address + paths[0])
    return { arm, port, address, pid, warmedMs: 0 }
  }

  /** So long for the baselines, then as long for the others, on all cores; see `Pace`. */
  async warm(durationMs: number): Promise<void> {
    const baselines = this.#instances.filter(isBaseline)
    const others = this.#instances.filter((instance) => !isBaseline(instance))
    pin(this.#pids(), Object.values(layout))
    for (const group of [baselines, others]) {
      await Promise.all(group.map((instance) => this.#load(instance, durationMs)))
    }
    pin(this.#pids(), [layout.server])
  }

  #pids(): number[] {
    const { postgres, redis } = this.#databases()
    return [...postgres, ...redis, ...this.#instances.map(({ pid }) => pid)]
  }

  #databases() {
    const { supervisor } = this.#stack
    return {
      postgres: familyOf(supervisor.pid('postgres') ?? 0),
      redis: [supervisor.pid('valkey') ?? 0],
    }
  }

  async slice(instance: Instance, durationMs: number): Promise<Measured> {
    const { warmedMs } = instance
    const health = await this.#variantsOf(instance)
    const before = await this.#look(instance)
    const { outcome, waitsMs } = await this.#watched(() => this.#load(instance, durationMs))
    const figures = figuresOf(before, await this.#look(instance), outcome)
    const { bytesIn, bytesOut, latency, elapsedMs, cpuUs: _, ...counted } = outcome
    return {
      arm: instance.arm.name,
      warmedMs,
      durationMs: elapsedMs,
      ...counted,
      dropped: 0,
      latency: { ok: latency },
      health,
      waitsMs,
      ...figures,
      counts: { ...figures.counts, 'bytes in': bytesOut, 'bytes out': bytesIn },
    }
  }

  /** With the milliseconds that backends waited meanwhile. */
  async #watched(load: () => Promise<Outcome>) {
    const waits = this.#postgres.watchWaits()
    try {
      return { outcome: await load(), waitsMs: await waits.stop() }
    } finally {
      await waits.stop()
    }
  }

  async #load(instance: Instance, durationMs: number): Promise<Outcome> {
    const { port } = instance
    const { connections } = this.#subject
    const templates = this.#templates
    const outcome = await this.#generator.run({ port, connections, durationMs, templates })
    instance.warmedMs += outcome.elapsedMs
    return outcome
  }

  async #variantsOf({ arm, address }: Instance): Promise<Record<string, string>> {
    if (arm.role === 'limit') return {}
    const health = (await (await fetch(`${address}/health`)).json()) as {
      scenarios: Record<string, string>
    }
    return health.scenarios
  }

  async #look(instance: Instance): Promise<Look> {
    const { arm, port } = instance
    const told =
      arm.role === 'limit'
        ? undefined
        : await toldBy(`http://127.0.0.1:${port + metricsOffset}`, this.#subject.id)
    const counts = { ...(await this.#postgres.counts()), ...(await this.#redis.counts()) }
    const { system, apart } = this.#groups(instance)
    return {
      told,
      counts,
      service: this.#subject.service,
      cpu: perGroup(system, cpuUsOf),
      apartCpu: perGroup(apart, cpuUsOf),
      memory: perGroup(system, residentBytesOf),
      busyUs: busyUsByCore(),
      atMs: performance.now(),
    }
  }

  /** Whose processor time is told apart; the other arms idle. */
  #groups(instance: Instance) {
    const others = this.#instances.filter((each) => each !== instance)
    return {
      system: { [this.#subject.service]: [instance.pid], ...this.#databases() },
      apart: {
        generator: [this.#generator.pid],
        'idle arms': others.map(({ pid }) => pid),
        lab: [process.pid],
      },
    }
  }

  /** What does not hold of the invariants, a sentence each. */
  breaches(): Promise<string[]> {
    return brokenInvariants({ ...this.#stack.databases, atRest: true })
  }

  async end(): Promise<void> {
    this.#generator.end()
    this.#redis.end()
    await this.#postgres.end()
    await this.#stack.end()
  }
}

type Figures = Record<string, number>
type Apart = Slice['apartCpu']

type Look = {
  told: Awaited<ReturnType<typeof toldBy>> | undefined
  counts: Figures
  service: string
  cpu: Figures
  apartCpu: Figures & Apart
  memory: Figures
  busyUs: number[]
  atMs: number
}

/** What has changed between two looks, with a load in between. */
const figuresOf = (before: Look, after: Look, { elapsedMs }: Pick<Outcome, 'elapsedMs'>) => {
  const wallUs = (after.atMs - before.atMs) * 1_000
  const busy = after.busyUs.map((each, core) => each - (before.busyUs[core] ?? 0))
  const cpu = difference(after.cpu, before.cpu)
  const apart = difference(after.apartCpu, before.apartCpu)
  const ours = sum([...Object.values(cpu), ...Object.values(apart)])
  return {
    cpu,
    apartCpu: { ...apart, generator: apart.generator ?? 0 },
    machineCpu: sum(busy),
    // Without what the looks themselves take: they are before and after the load.
    serverUtilization: ((busy[layout.server] ?? 0) - (apart.lab ?? 0)) / (elapsedMs * 1_000),
    foreignCpu: Math.max(0, sum(busy) - ours) / wallUs,
    counts: difference(after.counts, before.counts),
    witnesses: difference(after.told?.witnesses ?? {}, before.told?.witnesses ?? {}),
    eventLoop: eventLoopOf(before, after),
    memory: after.memory,
  }
}

const eventLoopOf = (before: Look, after: Look): Figures => {
  if (!before.told || !after.told) return {}
  const active = after.told.activeMs - before.told.activeMs
  const idle = after.told.idleMs - before.told.idleMs
  return { [after.service]: active / (active + idle) }
}

const isBaseline = ({ arm: { role } }: Instance): boolean =>
  role === 'baseline' || role === 'repeat'

const processOf = ({ name }: Arm): string => `arm ${name}`

const difference = (after: Figures, before: Figures): Figures =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]),
  )

const perGroup = <Name extends string>(
  groups: Record<Name, number[]>,
  of: (pids: readonly number[]) => number,
): Record<Name, number> =>
  Object.fromEntries(
    Object.entries<number[]>(groups).map(([name, pids]) => [name, of(pids)]),
  ) as Record<Name, number>

const answering = async (address: string): Promise<void> => {
  const deadline = Date.now() + 10_000
  for (;;) {
    const response = await fetch(address).catch(() => undefined)
    if (response?.ok) return
    if (Date.now() > deadline) throw new Error(`${address} does not answer.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
