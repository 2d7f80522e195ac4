import { fewestRestarts } from '../schedule/stop.ts'
import type { Evidence, ReportOptions } from './evidence.ts'
import { percent, whole } from './numbers.ts'

/** What the evidence does not show, a sentence each: what follows from this run, then the rest. */
export const limitsOf = (evidence: Evidence, { incomplete }: ReportOptions): string[] => [
  ...(incomplete === undefined ? [] : [`The run is incomplete: ${incomplete}`]),
  ...ofThisRun(evidence),
  ofItsLoad(evidence),
  ...always(evidence),
]

const ofThisRun = ({ header, summary }: Evidence): string[] => {
  const { measured, used } = summary.slices
  const { accounted = 1, drift = 0 } = summary
  const found: readonly [holds: boolean, sentence: string][] = [
    [
      summary.restarts < fewestRestarts,
      `Only ${summary.restarts} restarts count; a verdict needs ${fewestRestarts}.`,
    ],
    [
      used < measured,
      `${whole(measured - used)} of ${whole(measured)} slices do not count, each for a reason that is listed.`,
    ],
    [
      Math.abs(accounted - 1) > 0.1,
      `The cost table and the lab account for ${percent(accounted)} of the machine's busy time, not for 90 to 110 %.`,
    ],
    [
      Math.abs(drift) > 0.05,
      `The baseline's CPU for a unit of work went by ${percent(drift)} over the run; pairs of neighbours cancel most of that.`,
    ],
    [
      summary.gate === undefined,
      'No pairs of equal arms show how much of a difference the machine makes by itself.',
    ],
    [!header.checksInvariants, 'Whether the data are sound at the end was not checked.'],
    [
      / with changes$/.test(header.commit),
      'What was measured is not what was committed: the tree had changes.',
    ],
  ]
  return found.flatMap(([holds, sentence]) => (holds ? sentence : []))
}

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
  'The data and the mix of requests are made for the purpose and fit into memory.',
  'One arm at a time has the load, on a system that has run for minutes, not for days.',
]
