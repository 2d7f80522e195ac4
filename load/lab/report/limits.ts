import { usualWarmRequests } from '../pace.ts'
import { fewestRestarts } from '../schedule/stop.ts'
import { microsecondsOf } from '../verdict/figures.ts'
import type { Evidence, ReportOptions } from './evidence.ts'
import { percent, whole } from './numbers.ts'

/** The limits of the evidence, one sentence each: those of this run, then the general ones. */
export const limitsOf = (evidence: Evidence, { incomplete }: ReportOptions): string[] => [
  ...(incomplete === undefined ? [] : [`The run is incomplete: ${incomplete}`]),
  ...ofThisRun(evidence),
  ofItsLoad(evidence),
  ...always(evidence),
]

type Clause = (evidence: Evidence) => string | false

const clauses: readonly Clause[] = [
  ({ summary: { restarts } }) =>
    restarts < fewestRestarts &&
    `Only ${restarts} restarts count; a verdict needs ${fewestRestarts}.`,
  ({ summary: { slices } }) =>
    slices.used < slices.measured &&
    `${whole(slices.measured - slices.used)} of ${whole(slices.measured)} slices do not count, each for a reason that is listed.`,
  ({ summary: { accounted = 1 } }) =>
    Math.abs(accounted - 1) > 0.1 &&
    `The cost table and the lab account for ${percent(accounted)} of the machine's busy time, not for 90 to 110 %.`,
  ({ summary: { drift = 0 } }) =>
    Math.abs(drift) > 0.05 &&
    `The baseline's CPU for a unit of work went by ${percent(drift)} over the run; pairs of neighbours cancel most of that.`,
  ({ summary: { aaCheck } }) =>
    !aaCheck && 'No pairs of equal arms show how much of a difference the machine makes by itself.',
  ({ header: { warmUp } }) =>
    warmUp !== undefined &&
    warmUp.requests < usualWarmRequests &&
    `An arm was warmed up by ${whole(warmUp.requests)} requests and not by ${whole(usualWarmRequests)}, since one takes long here.`,
  ({ header: { warmUp } }) =>
    warmUp === undefined &&
    'Arms were warmed up by time, so that a slow one had answered fewer requests before it was measured.',
  ({ header: { version }, slices }) =>
    version < 3 &&
    idleShare(slices) > 0.01 &&
    `Arms shared the database: those that idled used up to ${percent(idleShare(slices))} of a core, which stands in no row.`,
  ({ header }) =>
    !header.checksInvariants && 'Whether the data are sound at the end was not checked.',
  ({ header }) =>
    header.commit.endsWith(' with changes') &&
    'What was measured is not what was committed: the tree had changes.',
]

/** The most of a core that all idle arms together used in a slice. */
const idleShare = (slices: Evidence['slices']): number =>
  Math.max(0, ...slices.map((it) => (it.apartCpu['idle arms'] ?? 0) / microsecondsOf(it)))

const ofThisRun = (evidence: Evidence): string[] =>
  clauses.flatMap((clause) => clause(evidence) || [])

const loads = {
  capacity:
    'Latencies under a closed, saturating loop say how long the queue is. They are not latencies under a given load.',
  latency: 'The latencies hold for this rate on this machine, and for no higher one.',
  replay:
    'The clients wait and think: the rate follows from the mean latency and is not what the system could do.',
} as const

const ofItsLoad = ({ header: { load } }: Evidence): string => loads[load.mode]

const always = ({ header: { machine } }: Evidence): string[] => [
  `It is one machine with ${machine.cores} cores: ${machine.cpu}. Another may rank the arms otherwise.`,
  `The layout is fixed: ${machine.layout}. What the services would gain from cores of their own is not seen.`,
  'Requests come over loopback: no network, no TLS, no packet is lost.',
  'The data and the mix of requests are made for the purpose; those of a shop are others.',
  'One arm at a time has the load, on a system that has run for minutes, not for days.',
]
