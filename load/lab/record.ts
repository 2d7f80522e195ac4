import type { Plan } from './counted/plan.ts'
import type { Histogram } from './stats/histogram.ts'

/**
 * What a run writes down. Raw records are JSON lines: the header, then slices and the ends of
 * restarts as they happen. Every verdict is computed from these alone, by `judge`, so whatever a
 * verdict or a table needs stands in here as it was measured.
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
   * 3: arms have state of their own and are warmed up by requests; what an arm uses that idles is
   * noted, and so are the files that arms run through. Records of 2 are judged without these.
   */
  version: 2 | 3
  /** Of the scenario: `E2`. */
  id: string
  seed: number
  commit: string
  /** ISO 8601, in UTC. */
  startedAt: string
  arms: readonly Arm[]
  load: Load
  figure: Figure
  /** The outcome whose latency is judged, where the figure is a latency: `ok`, `won`. */
  outcome: string
  /** Answers with any other status are unexpected. */
  statuses: readonly string[]
  /** Blocks a restart. */
  blocks: number
  /** The invariant checker runs at the end of every restart, and must have. */
  checksInvariants: boolean
  machine: { cpu: string; cores: number; kernel: string; layout: string }
  /** Of the programs that take part. */
  versions: ByName<string>
  /** Those of PostgreSQL and Redis that matter. */
  settings: ByName<string>
  /** Requests that each arm answers after a restart before its first slice; since version 3. */
  warmUp?: { requests: number }
  /** How much of what is stored: rows by table. */
  data: ByName<number>
  /** The exponent of the Zipf law by which requests are drawn; absent where they come in turn. */
  zipf?: number
  /** Of a self-test: the arm that was made dearer, and by how many µs of CPU a request. */
  planted?: { slowed: string; us: number }
  /** Where arms are numbers of one thing. */
  scale?: Scale
  /** How many processes of the system an arm has; absent where it is one. */
  processes?: number
  /** By arm: the files that it runs through, below the repository's root; since version 3. */
  files?: ByName<readonly string[]>
}

/** What there is more or less of, and how much of it the arms have that are on the scale. */
export type Scale = { what: string; at: ByName<number> }

/** A: `baseline` · A': `repeat`, a second, identical A · B: `treatment` · L: `ceiling`. */
export type Role = 'baseline' | 'repeat' | 'treatment' | 'ceiling'

export type Arm = {
  /** Of one arm only; that of a treatment is the name of its variant. */
  name: string
  role: Role
  /** The expected variants in `/health`, by scenario. */
  scenarios: ByName<string>
  /** Counters that have to move in every slice of this arm. */
  witnesses: readonly string[]
}

export type Load =
  /** Closed loop, saturating, no think time. */
  | { mode: 'capacity'; clients: number }
  /** Open loop at a rate a second. */
  | { mode: 'latency'; rate: number; profile: string }
  /** A closed loop as a k6 script describes it. */
  | { mode: 'replay'; clients: number; thinkMs: number; profile: string }

/** What the verdict is about: units of work a second, or a latency of the header's outcome. */
export type Figure = 'rate' | 'mean' | 'p50' | 'p95' | 'p99'

/** A window of time in which one arm had the load. Counters are the differences over the window. */
export type Slice = {
  kind: 'slice'
  phase: 'warm-up' | 'measured'
  /** From 0, as block, pair and position are; see schedule/design.ts. */
  restart: number
  block: number
  /** Slices of one pair have the same number. */
  pair: number
  position: number
  arm: string
  /** Since the start of the run. */
  startedAtMs: number
  /** How long this arm's process had been under load when the slice began. */
  warmedMs: number
  /** How many requests this arm had answered by then; since version 3. */
  warmedRequests?: number
  durationMs: number
  /** Responses within the window. */
  requests: number
  /** Units of work done within it: answers as wanted; for orders, those committed and acknowledged. */
  completed: number
  /** By kind: `timeout`, `ECONNRESET`. */
  errors: ByName<number>
  statuses: ByName<number>
  /** Answers of an expected status with a body that is not as it should be. */
  wrongBodies: number
  /** Iterations that an open loop could not begin in time. */
  dropped: number
  /**
   * By outcome: `ok`, and where they are told apart `won`, `sold-out`, `shed`, `failed`; those that
   * happened.
   */
  latency: ByName<Latency>
  /** From sending to the last byte, of answers as wanted; in an open loop, since version 3. */
  service?: Latency
  /** Variants by scenario, as `/health` of this arm showed them. */
  health: ByName<string>
  /** Witness counters by name. */
  witnesses: ByName<number>
  /** By name: statements, rows, redis commands, bytes on the wire… */
  counts: ByName<number>
  /** Of the system, by process, databases included. */
  cpu: ByName<number>
  /** Of the lab's own processes, which are no cost of the system: `generator`, arms that idle… */
  apartCpu: ByName<number> & { readonly generator: number }
  /** Of each arm that was not measured, by its name; since version 3. */
  idleCpu?: ByName<number>
  /**
   * What the system used after the window until it was at rest, such as for the delivery of events,
   * by process; where the load writes, since version 3.
   */
  afterCpu?: ByName<number>
  /** Of everything on all cores. */
  machineCpu: number
  /** Of the core that everything but the generator runs on. */
  serverUtilization: number
  /** Of what belongs neither to the system nor to the generator, in cores. */
  foreignCpu: number
  /** Of the event loop of each Node process. */
  eventLoop: ByName<number>
  /**
   * Milliseconds that PostgreSQL's backends waited, summed, by what for: `Lock`, `IO`… Waits for
   * the client, which are idleness, are no part of it.
   */
  waitsMs: ByName<number>
  /** Resident, by process. */
  memory: ByName<number>
}

/** From the intended start of a request to its answer. */
export type Latency = { meanMs: number; histogram: Histogram }

/**
 * One row of an experiment that needs neither load nor restarts, since it counts and does not time:
 * what PostgreSQL did for a statement, and what else there was to count.
 */
export type Counted = {
  kind: 'counted'
  /** The question of the experiment; its rows make a table. */
  table: string
  row: string
  /** As PostgreSQL gave it. */
  plan?: Plan
  /** Units of work that the statement did: rows that it wrote; 1 for a query. */
  per: number
  /** By name, each with its own number of units of work. */
  also: ByName<{ counted: number; per: number }>
  /** Times and rates, which differ from run to run: by name, one of each run. */
  runs?: ByName<readonly number[]>
  /** The share of requests that were not answered as wanted, over all runs. */
  refused?: number
}

/** Written when a restart's slices are over and the system has come to rest. */
export type RestartEnd = {
  kind: 'restart'
  restart: number
  /** A sentence for each invariant that does not hold; none where they hold or are not checked. */
  violations: readonly string[]
}

/** The last record of a run that was not interrupted; since version 3. */
export type RunEnd = { kind: 'end'; why: string }
