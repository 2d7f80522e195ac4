import type { Environment, ScenarioId } from '@flash-deal/config'
import type { ServiceName } from '@flash-deal/local/services'
import type { Stack } from '@flash-deal/local/stack'
import type { Template } from '../generator/protocol.ts'
import type { Arm, Counted, Scale } from '../record.ts'

/** The amount of data: that of the measurement, or little for a smoke test. */
export type Extent = 'full' | 'smoke'

/** A rate as a multiple of another arm's. */
export type Target = { variant: string; atLeast: number; of: 'baseline' | 'ceiling' }

/** A measurement of a scenario. A new scenario adds one. */
export type Subject = {
  id: ScenarioId
  /** The variants that can be measured in addition to the baseline; by default all. */
  variants?: readonly string[]
  /**
   * The variant of the scenario in all arms, if the arms differ by their `environment` instead. Then
   * the names of the arms are not variants of the scenario, and the results are not results of it.
   */
  sameVariant?: string
  /** The name on the command line: the id in lower case, with a suffix if there are several. */
  name: string
  /** A clause for the head of the report. */
  question: string
  /** The operations of the requests, and those that they call. */
  operations: readonly string[]
  /** The services of each arm, which differ only in the flag; the first one gets the load. */
  services: readonly [ServiceName, ...ServiceName[]]
  /** Services that all arms share and call. */
  shared?: readonly ServiceName[]
  /** Children that `prepare` starts and that are no part of the system, such as a collector of spans. */
  helpers?: readonly string[]
  /** Concurrent requests of the closed loop. */
  connections: number
  /** The length of a slice in milliseconds; by default a second. Longer if writes reach the disk in bursts. */
  sliceMs?: number
  /** Blocks per restart; by default eight. Fewer with many variants or long slices. */
  blocks?: number
  /** Requests of the warm-up; by default 30,000. Fewer if they would take minutes. */
  warmRequests?: number
  /**
   * The exponent of a Zipf distribution over the requests, the most popular first; by default they
   * are sent in turn.
   */
  zipf?: number
  /** Settings of all processes, in addition to the usual ones. */
  settings?: Environment
  /** Creates the initial data of all arms; returns the numbers of rows for the record. */
  prepare(stack: Stack, extent: Extent): Promise<Record<string, number>>
  /** The counting experiments, run once after `prepare`, without load and restarts. */
  count?(stack: Stack, extent: Extent): Promise<Counted[]>
  /** Removes the rows of the previous load, before each restart, from each arm's data. */
  reset?(stack: Stack): Promise<void>
  /** The requests with their expected responses, from a baseline instance before the measurement. */
  templates(address: string, stack: Stack, extent: Extent): Promise<Template[]>
  /** By variant: the expected response, if it differs from the baseline's. */
  responses?: Readonly<Record<string, Pick<Template, 'status' | 'contains'>>>
  /**
   * Resolves when all accepted work is done, if responses precede it. The time until then and its CPU
   * belong to the slice. Called with the data of the arm.
   */
  settle?(stack: Stack): Promise<void>
  /** Expected statuses; by default 200. */
  statuses?: readonly string[]
  /** By variant: the witness events that must increase in every slice. */
  witness: Readonly<Record<string, readonly string[]>>
  /** Set if the variants differ in one number, so that they form a curve. */
  scale?: Scale
  /** Further variables of an arm's processes, if arms differ in more than the flag. */
  environment?: (arm: Arm, stack: Stack) => Environment
  /**
   * L: the cheapest program that could send these responses. Either a program of `ceilings/`, which
   * gets its port, the address of the baseline and the requested paths; or the baseline without a
   * part that a module of `slowdowns/` removes.
   */
  ceiling: { what: string } & ({ program: string } | { plant: string })
  /** The targets, set before the measurement. */
  targets?: readonly Target[]
  /** No request writes, so the invariants are not checked. */
  onlyReads?: true
  /** False if the load is only a part of an order and leaves reservations held. */
  comesToRest: boolean
}
