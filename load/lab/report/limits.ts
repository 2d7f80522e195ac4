import { usualWarmRequests } from '../pace.ts'
import { fewestRestarts } from '../schedule/stop.ts'
import { mean } from '../stats/mean.ts'
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
    `The baseline's CPU for a unit of work changed by ${percent(drift)} over the run; neighbouring pairs cancel most of that.`,
  ({ summary: { aaCheck } }) =>
    !aaCheck &&
    'There are no pairs of equal arms, so the differences caused by the machine alone are unknown.',
  ({ header: { warmUp } }) =>
    warmUp !== undefined &&
    warmUp.requests < usualWarmRequests &&
    `The warm-up of an arm was ${whole(warmUp.requests)} requests instead of ${whole(usualWarmRequests)}, because a request is slow here.`,
  ({ header: { warmUp } }) =>
    warmUp === undefined &&
    'The warm-up had a fixed time, so a slow arm completed fewer requests before it was measured.',
  ({ header: { version }, slices }) =>
    version < 3 &&
    idleShare(slices) > 0.01 &&
    `Arms shared the database. Idle arms used up to ${percent(idleShare(slices))} of a core, which the tables do not include.`,
  ({ slices }) =>
    stolenShare(slices) > 0.01 &&
    `The hypervisor gave ${percent(stolenShare(slices))} of a core to other machines, which makes the intervals wider.`,
  ({ header }) => !header.checksInvariants && 'The invariants were not checked at the end.',
  ({ header }) =>
    header.commit.endsWith(' with changes') &&
    'The tree had uncommitted changes, so the commit is not the measured code.',
]

/** The mean over all slices, as a share of a core. */
const stolenShare = (slices: Evidence['slices']): number =>
  mean(slices.map(({ stolenCpu = 0 }) => stolenCpu))

/** The maximum CPU of all idle arms in a slice, as a share of a core. */
const idleShare = (slices: Evidence['slices']): number =>
  Math.max(0, ...slices.map((it) => (it.apartCpu['idle arms'] ?? 0) / microsecondsOf(it)))

const ofThisRun = (evidence: Evidence): string[] =>
  clauses.flatMap((clause) => clause(evidence) || [])

const loads = {
  capacity:
    'Latencies under a closed, saturating loop reflect the length of the queue. They are not latencies at a given rate.',
  latency: 'The latencies are valid only for this rate on this machine, not for a higher one.',
  replay:
    'The clients have think time: the rate follows from the mean latency and is not the capacity of the system.',
} as const

const ofItsLoad = ({ header: { load } }: Evidence): string => loads[load.mode]

const always = ({ header: { machine } }: Evidence): string[] => [
  `The run used one machine with ${machine.cores} cores: ${machine.cpu}. On another one the arms may rank differently.`,
  `The layout is fixed: ${machine.layout}. The run does not show the effect of more cores for the services.`,
  'Requests use loopback: there is no network latency, no TLS and no packet loss.',
  'The data and the mix of requests are synthetic; those of a real shop differ.',
  'One arm at a time is under load, on a system that has run for minutes, not for days.',
]
