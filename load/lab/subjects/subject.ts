import type { Environment, ScenarioId } from '@flash-deal/config'
import type { ServiceName } from '@flash-deal/local/services'
import type { Stack } from '@flash-deal/local/stack'
import type { Template } from '../generator/protocol.ts'
import type { Arm, Counted, Scale } from '../record.ts'

/** The amount of data: as much as the measurement needs, or little for a smoke test. */
export type Extent = 'full' | 'smoke'

/** A rate as a multiple of another arm's. */
export type Target = { variant: string; atLeast: number; of: 'baseline' | 'ceiling' }

/** A measurement of a scenario. A new scenario adds one of these, and nothing else here. */
export type Subject = {
  id: ScenarioId
  /** Those that can be measured beside the baseline, where it is not all of them. */
  variants?: readonly string[]
  /**
   * The variant of the scenario in all arms, where they differ by their `environment` instead. Their
   * names are then no variants of the scenario, and their results no results of it.
   */
  sameVariant?: string
  /** Its name on the command line: the id in lower case, with a suffix if there are several. */
  name: string
  /** In a clause, for the head of the report. */
  question: string
  /** Of the contracts, those that the requests are for and those that these call in turn. */
  operations: readonly string[]
  /** The processes of each arm, alike but for the flag; the first of them gets the load. */
  services: readonly [ServiceName, ...ServiceName[]]
  /** Those that these call, one for all arms. */
  shared?: readonly ServiceName[]
  /** Children that `prepare` starts and that are no part of the system, such as a collector of spans. */
  helpers?: readonly string[]
  /** Requests under way at a time, in the closed loop. */
  connections: number
  /** Milliseconds; a second unless what is written comes to the disk in longer waves. */
  sliceMs?: number
  /** Blocks a restart: eight, unless many variants or long slices make them long. */
  blocks?: number
  /** Requests of the warm-up: 30,000, unless they would take minutes. */
  warmRequests?: number
  /**
   * The exponent of a Zipf law over the requests, the most wanted first; without it they come in
   * turn, as often as each other.
   */
  zipf?: number
  /** Settings of all processes, beside those that every system has. */
  settings?: Environment
  /** The data that all arms share; returns how much of it there is, for the record. */
  prepare(stack: Stack, extent: Extent): Promise<Record<string, number>>
  /** Once, after that: what can be counted without load and restarts. */
  count?(stack: Stack, extent: Extent): Promise<Counted[]>
  /** Before each restart, for each arm's data: takes away what the load before has written. */
  reset?(stack: Stack): Promise<void>
  /** The requests, with what must come back: from a baseline instance, before anything is measured. */
  templates(address: string, stack: Stack, extent: Extent): Promise<Template[]>
  /** By variant: what its responses are, where they are not those of the baseline. */
  responses?: Readonly<Record<string, Pick<Template, 'status' | 'contains'>>>
  /**
   * Resolves when the work that was accepted is done, where a response comes before that. The time
   * until then and its CPU belong to the slice. Called with the data of the arm.
   */
  settle?(stack: Stack): Promise<void>
  /** Statuses that are as they should be: 200 unless they are named. */
  statuses?: readonly string[]
  /** By variant: the events of its witness that have to move in every slice. */
  witness: Readonly<Record<string, readonly string[]>>
  /** Where its variants are numbers of one thing, so that they make a curve. */
  scale?: Scale
  /** What an arm's processes are given beside their flags, where arms are to differ by more. */
  environment?: (arm: Arm, stack: Stack) => Environment
  /**
   * What L is: the cheapest thing that could give these answers. A program of `ceilings/`, which is
   * started with its port, the address of the baseline and the paths that are asked for; or the
   * baseline itself, without a part that a module of `slowdowns/` takes out.
   */
  ceiling: { what: string } & ({ program: string } | { plant: string })
  /** The targets, set before the measurement. */
  targets?: readonly Target[]
  /** Nothing that it asks for writes, so no invariant can break, and they are not checked. */
  onlyReads?: true
  /** False where the load is only a part of an order, which leaves stock held for nobody. */
  comesToRest: boolean
}
