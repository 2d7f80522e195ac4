import type { Plan } from './counted/plan.ts'
import type { Histogram } from './stats/histogram.ts'

/**
 * The raw records of a run, as JSON lines: the header, then slices and ends of restarts in the order
 * of time. `judge` computes every verdict from these alone, so they contain every measurement that a
 * verdict or a table needs.
 *
 * Times are in milliseconds, CPU in microseconds, memory in bytes; a utilisation is 1 for a core or
 * an event loop that was busy all the time. Every number is finite.
 */

export type RawRecord = Header | Counted | Slice | RestartEnd | RunEnd

type ByName<Value> = { readonly [name: string]: Value }

/** The conditions of a run. One run is one comparison under one load. */
export type Header = {
  kind: 'run'
  /**
   * 3: each arm has its own state, and the warm-up is a number of requests; the CPU of idle arms and
   * the files that each arm runs are recorded. Records of version 2 are judged without these.
   */
  version: 2 | 3
  /** The scenario: `E2`. */
  id: string
  /** The name of the subject: `e2-shop`; absent in older records, which cannot be resumed. */
  subject?: string
  seed: number
  commit: string
  /** ISO 8601, in UTC. */
  startedAt: string
  arms: readonly Arm[]
  load: Load
  figure: Figure
  /** The outcome whose latency is judged if the figure is a latency: `ok`, `won`. */
  outcome: string
  /** Responses with any other status are unexpected. */
  statuses: readonly string[]
  /** Blocks per restart. */
  blocks: number
  /** Whether a restart is valid only if the invariant checker has run at its end. */
  checksInvariants: boolean
  machine: { cpu: string; cores: number; kernel: string; layout: string }
  /** The versions of the programs. */
  versions: ByName<string>
  /** The settings of PostgreSQL and Redis that affect results. */
  settings: ByName<string>
  /** Requests to each arm after a restart and before its first slice; since version 3. */
  warmUp?: { requests: number }
  /** Numbers of rows by table. */
  data: ByName<number>
  /** The exponent of the Zipf distribution of the requests; absent if they are sent in turn. */
  zipf?: number
  /** In a self-test: the arm that was slowed down, and by how many µs of CPU for each request. */
  planted?: { slowed: string; us: number }
  /** Set if the arms differ in one number. */
  scale?: Scale
  /** The number of processes of an arm; absent if it is one. */
  processes?: number
  /** The files that each arm runs, relative to the repository's root; since version 3. */
  files?: ByName<readonly string[]>
}

/** The quantity in which arms differ, and its value for each arm on the scale. */
export type Scale = { what: string; at: ByName<number> }

/** A: `baseline` · A': `repeat`, a second, identical A · B: `treatment` · L: `ceiling`. */
export type Role = 'baseline' | 'repeat' | 'treatment' | 'ceiling'

export type Arm = {
  /** Unique; for a treatment the name of its variant. */
  name: string
  role: Role
  /** The expected variants in `/health`, by scenario. */
  scenarios: ByName<string>
  /** Counters that must increase in every slice of this arm. */
  witnesses: readonly string[]
}

export type Load =
  /** Closed loop, saturating, no think time. */
  | { mode: 'capacity'; clients: number }
  /**
   * Open loop at a rate per second, which is `share` per cent of the baseline's capacity. In the middle
   * third of a slice the rate is `spikeFactor` times as high.
   */
  | { mode: 'latency'; rate: number; share: number; spikeFactor: number }
  /** Closed loop of a k6 script. */
  | { mode: 'replay'; clients: number; thinkMs: number; profile: string }

/** What the verdict compares: units of work per second, or a latency of the header's outcome. */
export type Figure = 'rate' | 'mean' | 'p50' | 'p95' | 'p99'

/** A window of time in which one arm had the load. Counters are the differences over the window. */
export type Slice = {
  kind: 'slice'
  phase: 'warm-up' | 'measured'
  /** Counted from 0, like block, pair and position; see schedule/design.ts. */
  restart: number
  block: number
  /** Slices of one pair have the same number. */
  pair: number
  position: number
  arm: string
  /** Milliseconds since the start of the run. */
  startedAtMs: number
  /** Milliseconds under load of this arm's processes before the slice. */
  warmedMs: number
  /** Requests that this arm had completed before the slice; since version 3. */
  warmedRequests?: number
  durationMs: number
  /**
   * The part of `durationMs` in which requests were sent, if accepted work is done after its response;
   * the rest is the time until all of that work was done.
   */
  loadMs?: number
  /** Responses within the window. */
  requests: number
  /** Units of work within the window: expected responses; for orders, committed and acknowledged ones. */
  completed: number
  /** By kind: `timeout`, `ECONNRESET`. */
  errors: ByName<number>
  statuses: ByName<number>
  /** Responses with an expected status and an unexpected body. */
  wrongBodies: number
  /** Iterations that an open loop could not start in time. */
  dropped: number
  /**
   * By outcome: `ok`, or `won`, `sold-out`, `shed`, `failed` where a script distinguishes them. Only
   * outcomes that occurred.
   */
  latency: ByName<Latency>
  /** From sending to the last byte of expected responses; in an open loop, since version 3. */
  service?: Latency
  /** Variants by scenario, as `/health` of this arm showed them. */
  health: ByName<string>
  /** Witness counters by name. */
  witnesses: ByName<number>
  /** Other counters by name: statements, rows, redis commands, bytes on the wire… */
  counts: ByName<number>
  /** CPU of the system, by process, databases included. */
  cpu: ByName<number>
  /** CPU that is no cost of the system: `generator`, `lab`, `kernel`, idle arms. */
  apartCpu: ByName<number> & { readonly generator: number }
  /** CPU of each idle arm, by name; since version 3. */
  idleCpu?: ByName<number>
  /**
   * CPU of the system from the end of the window until it was at rest, such as for the delivery of
   * events, by process; only if the load writes, since version 3.
   */
  afterCpu?: ByName<number>
  /** Busy CPU of all cores. */
  machineCpu: number
  /** Utilisation of the core that runs everything but the generator. */
  serverUtilization: number
  /** CPU of processes outside the system and the lab, in cores. */
  foreignCpu: number
  /** CPU that the hypervisor gave to other machines, in cores; older runs count it as `foreignCpu`. */
  stolenCpu?: number
  /** Utilisation of the event loop of each Node process. */
  eventLoop: ByName<number>
  /**
   * Milliseconds that PostgreSQL's backends waited, summed, by wait event type: `Lock`, `IO`… Waits
   * for the client are not included.
   */
  waitsMs: ByName<number>
  /** Resident memory by process. */
  memory: ByName<number>
}

/** From the intended start of a request to its response. */
export type Latency = { meanMs: number; histogram: Histogram }

/**
 * One row of a counting experiment, which needs neither load nor restarts: PostgreSQL's work for a
 * statement, and other counters.
 */
export type Counted = {
  kind: 'counted'
  /** The question of the experiment; its rows make a table. */
  table: string
  row: string
  /** From `explain (analyze)`. */
  plan?: Plan
  /** Units of work of the statement: rows that it wrote; 1 for a query. */
  per: number
  /** Other counters by name, each with its own number of units of work. */
  also: ByName<{ counted: number; per: number }>
  /** Times and rates by name, one value for each run. */
  runs?: ByName<readonly number[]>
  /** The share of requests without an expected response, over all runs. */
  refused?: number
}

/** Written at the end of a restart's slices, when the system is at rest. */
export type RestartEnd = {
  kind: 'restart'
  restart: number
  /** One sentence for each violated invariant; empty if all hold or none is checked. */
  violations: readonly string[]
}

/** The last record of a run that was not interrupted; since version 3. */
export type RunEnd = { kind: 'end'; why: string }
