import { layout } from './cores.ts'
import { type Generator, startGenerator } from './generator/generator.ts'
import type { K6Load } from './generator/k6-load.ts'
import type { Order, Outcome, Schedule, Template } from './generator/protocol.ts'
import type { Instance } from './instance.ts'
import type { Arm } from './record.ts'
import type { Extent, Subject } from './subjects/subject.ts'

/** The maximum number of requests in flight in an open loop; further ones wait, and the wait is counted. */
const openLoopConnections = 200

/** Sends the load to an arm: a closed loop, and for the slices of some runs an open loop or k6. */
export class ArmLoad {
  readonly #subject: Subject
  readonly #generator: Generator
  #templates: readonly Template[] = []
  /** The number of loads so far. */
  #count = 0
  #play = (instance: Instance, durationMs: number) => this.closedLoop(instance, durationMs)

  constructor(subject: Subject, extent: Extent) {
    this.#subject = subject
    this.#generator = startGenerator(extent === 'full' ? layout.generator : undefined)
  }

  get generatorPid(): number {
    return this.#generator.pid
  }

  /** Sets the requests and the expected responses of all loads from now on. */
  use(templates: readonly Template[]): void {
    this.#templates = templates
  }

  get paths(): string[] {
    return this.#templates.map(({ wire }) => wire.split(' ')[1] ?? '')
  }

  /** The load of a slice. */
  play(instance: Instance, durationMs: number): Promise<Outcome> {
    return this.#play(instance, durationMs)
  }

  /** From now on k6 plays the slices; warm-ups stay closed loops. */
  playWith(play: K6Load): void {
    this.#play = ({ arm, address }, durationMs) => play(address, durationMs, expectationOf(arm))
  }

  /** From now on slices are an open loop; warm-ups stay closed loops. */
  playOnSchedule(schedule: Schedule): void {
    this.#play = (instance, durationMs) => {
      const load = { port: instance.port, connections: openLoopConnections, durationMs, schedule }
      return this.#generator.run({ ...load, ...this.#requests(instance) })
    }
  }

  /** Sends requests without pauses, until the time is over or this many are sent. */
  async closedLoop(instance: Instance, durationMs: number, requests?: number): Promise<Outcome> {
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
    this.#count += 1
    return {
      templates: this.#templates.map((template) => ({ ...template, ...own })),
      ...(exponent !== undefined && { zipf: { exponent, seed: this.#count } }),
    }
  }

  end(): void {
    this.#generator.end()
  }
}

/** The variants that a k6 script checks before it starts. */
const expectationOf = ({ scenarios }: Arm) => ({
  EXPECT: Object.entries(scenarios)
    .map(([id, variant]) => `${id}=${variant}`)
    .join(','),
})
