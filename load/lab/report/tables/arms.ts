import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import { sum } from '../../stats/mean.ts'
import type { ArmSummary, LatencySummary } from '../../summary.ts'
import { processesOf, totalCost } from '../charts/cost.ts'
import type { Evidence } from '../evidence.ts'
import {
  brief,
  interval,
  megabytes,
  milliseconds,
  none,
  oneDecimal,
  orNone,
  percent,
  whole,
} from '../numbers.ts'

/** The tables of the arms' rates, costs and counters. */

type Arms = readonly ArmSummary[]

export const armTable = ({ summary: { arms, comparisons } }: Evidence): Table => ({
  caption: 'Arms, over all slices that count',
  columns: [
    text('Arm'),
    text('Role'),
    figures('Slices'),
    figures('Rate, units/s'),
    figures('Speed over the ceiling [95 %]'),
    figures("Off Little's law"),
    text('Saturated'),
  ],
  rows: arms.map((arm) => [
    arm.name,
    arm.role,
    whole(arm.slices),
    whole(arm.rate),
    orNone(comparisons.find((each) => each.arm === arm.name)?.againstCeiling, interval),
    orNone(arm.littlesLaw, percent),
    bottleneckOf(arm),
  ]),
})

export const useTable = ({ summary: { arms } }: Evidence): Table => ({
  caption: 'Resource usage of the arms',
  columns: [
    text('Arm'),
    figures('Server core'),
    figures('Generator core'),
    text('Event loops'),
    text('Waiting backends, mean'),
    text('Peak memory, MB'),
  ],
  rows: arms.map((arm) => [
    arm.name,
    percent(arm.serverUtilization),
    percent(arm.generatorUtilization),
    listed(arm.eventLoop, percent),
    listed(arm.waiting, brief),
    listed(arm.memory, megabytes),
  ]),
})

const listed = (named: Record<string, number>, print: (figure: number) => string): string =>
  Object.entries(named)
    .map(([name, figure]) => `${name} ${print(figure)}`)
    .join(', ') || none

const full = 0.9

/** The bottleneck: the core, with the process that uses it most, or locks and disks. */
const bottleneckOf = (arm: ArmSummary): string => {
  const [mostExpensive, us] = largestOf(arm.cost)
  if (arm.serverUtilization >= full && mostExpensive !== undefined) {
    return `the server's core, ${percent(us / totalCost(arm))} of it ${mostExpensive}`
  }
  const [reason] = largestOf(arm.waiting)
  if (sum(Object.values(arm.waiting)) >= full) return `PostgreSQL waits: ${reason}`
  return arm.generatorUtilization >= full ? 'the generator' : 'nothing'
}

const largestOf = (named: Record<string, number>): [name: string | undefined, figure: number] =>
  Object.entries(named).sort(([, one], [, other]) => other - one)[0] ?? [undefined, 0]

export const costTable = ({ summary: { arms } }: Evidence): Table => {
  const processes = processesOf(arms)
  const hasAfter = arms.some(({ after }) => after)
  return {
    caption: 'CPU for a unit of work, µs',
    columns: [
      text('Arm'),
      ...[...processes, 'all', ...(hasAfter ? ['after the window, until rest'] : [])].map(figures),
    ],
    rows: arms.map((arm) => [
      arm.name,
      ...processes.map((name) => orNone(arm.cost[name], oneDecimal)),
      oneDecimal(totalCost(arm)),
      ...(hasAfter ? [orNone(arm.after, (us) => oneDecimal(sum(Object.values(us))))] : []),
    ]),
  }
}

/** Statements, rows, bytes and other counters, then the witnesses of the variants. */
export const countTable = ({ summary: { arms } }: Evidence): Table => ({
  caption: 'Counts for a unit of work',
  columns: [text('Count'), ...arms.map(({ name }) => figures(name))],
  rows: [
    ...countRows(arms, ({ counts }) => counts, ''),
    ...countRows(arms, ({ witnesses }) => witnesses, ' (witness)'),
    ...countRows(arms, layersOf, ''),
  ],
})

/**
 * The source of the responses if a cache counts hits and misses. A request that is neither waited for
 * the read of another request (single flight).
 */
export const layersOf = ({ witnesses }: Pick<ArmSummary, 'witnesses'>): Record<string, number> => {
  const of = (ending: string) =>
    sum(Object.entries(witnesses).flatMap(([name, share]) => (name.endsWith(ending) ? share : [])))
  const [hits, misses] = [of('_hit'), of('_miss')]
  if (hits + misses === 0) return {}
  return {
    'served from a cache': hits,
    'read from the database': misses,
    'served by the read of another request': Math.max(0, 1 - hits - misses),
  }
}

const countRows = (arms: Arms, of: (arm: ArmSummary) => Record<string, number>, note: string) =>
  [...new Set(arms.flatMap((arm) => Object.keys(of(arm))))].map((name) => [
    name + note,
    ...arms.map((arm) => orNone(of(arm)[name], brief)),
  ])

const quantiles = { p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99', p999: 'p99.9' }

export const latencyTable = ({ summary: { arms } }: Evidence): Table => ({
  caption: 'Latency, ms, by outcome',
  columns: [
    text('Arm'),
    text('Outcome'),
    ...['Responses', 'Mean', ...Object.values(quantiles)].map(figures),
  ],
  rows: arms.flatMap(({ name, latency, service }) => [
    ...Object.entries(latency).map(([outcome, found]) => latencyRow(name, outcome, found)),
    ...(service ? [latencyRow(name, 'ok, service time: from sending', service)] : []),
  ]),
})

const latencyRow = (name: string, outcome: string, found: LatencySummary): string[] => [
  name,
  outcome,
  whole(found.n),
  found.n > 0 ? milliseconds(found.meanMs) : none,
  ...Object.keys(quantiles).map((quantile) => orNone(found.quantilesMs[quantile], milliseconds)),
]
