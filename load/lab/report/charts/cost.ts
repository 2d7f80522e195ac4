import { sum } from '../../stats/mean.ts'
import type { ArmSummary } from '../../summary.ts'
import { colourOf } from '../arm-styles.ts'
import type { Evidence } from '../evidence.ts'
import { oneDecimal } from '../numbers.ts'
import { axisStyle, roomFor, rowAxis } from './axis.ts'
import type { Drawing } from './chart.ts'

/** CPU for a unit of work: one bar for each arm, with a segment for each process. */
export const costChart = ({ summary: { arms } }: Evidence): Drawing | undefined => {
  if (arms.length === 0) return undefined
  const names = arms.map(({ name }) => name)
  const totals = arms.map((arm) => oneDecimal(totalCost(arm)))
  return {
    title: 'CPU for a unit of work',
    description: arms.map(({ name }, at) => `${name} ${totals[at]} µs`).join('; '),
    shape: 'narrow',
    height: 64 + 40 * arms.length,
    option: {
      grid: { left: roomFor(names), right: roomFor(totals), top: 8, bottom: 50 },
      xAxis: { ...axisStyle, type: 'value', name: 'µs of CPU for a unit of work' },
      yAxis: [rowAxis(names), rowAxis(totals, 'right')],
      series: [...processesOf(arms).map(pieces(arms)), { type: 'bar', yAxisIndex: 1, data: [] }],
    },
  }
}

export const totalCost = ({ cost }: Pick<ArmSummary, 'cost'>): number => sum(Object.values(cost))

/** All processes with a cost in some arm, the most expensive first. */
export const processesOf = (arms: readonly ArmSummary[]): string[] => {
  const names = [...new Set(arms.flatMap(({ cost }) => Object.keys(cost)))]
  const over = (name: string) => sum(arms.map(({ cost }) => cost[name] ?? 0))
  return names.sort((one, other) => over(other) - over(one))
}

const pieces = (arms: readonly ArmSummary[]) => (process: string, index: number) => ({
  type: 'bar',
  stack: 'cost',
  silent: true,
  barWidth: 22,
  itemStyle: { color: colourOf('process', index), borderColor: 'var(--surface)', borderWidth: 1 },
  data: arms.map(({ cost }) => cost[process] ?? 0),
})

export const processLegend = (arms: readonly ArmSummary[]) =>
  processesOf(arms).map((name, index) => ({ name, sign: '■', colour: colourOf('process', index) }))
