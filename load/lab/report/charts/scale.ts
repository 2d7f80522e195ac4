import type { CustomSeriesOption } from 'echarts/charts'
import type { Slice } from '../../record.ts'
import { waitingCount } from '../../snapshot.ts'
import { histogramQuantile } from '../../stats/histogram.ts'
import { sum } from '../../stats/mean.ts'
import { isPrintable } from '../../stats/quantile.ts'
import { latencyOver } from '../../verdict/figures.ts'
import type { Evidence } from '../evidence.ts'
import { whole } from '../numbers.ts'
import { type Rate, rateOver } from '../rates.ts'
import { axisStyle, ink, logAxis, ms } from './axis.ts'
import type { Drawing } from './chart.ts'

/** An arm with its position on the scale and its rate. */
type Point = {
  at: number
  name: string
  rate: Rate
  /** Undefined if there are too few responses. */
  p99: number | undefined
  /** Milliseconds that the statements of a unit of work waited for a connection, if any did. */
  waited: number | undefined
}

/** Charts above each other, with the same horizontal scale. */
type Panel = {
  name: string
  print?: (figure: number) => string
  figures: readonly { at: number; figure: number }[]
  /** All values that the axis must include. */
  bounds: readonly number[]
}

/**
 * Rate, p99 and waiting time of the arms by the quantity in which they differ; undefined if the run
 * has no scale.
 */
export const scaleChart = (evidence: Evidence): Drawing | undefined => {
  const { scale } = evidence.header
  const points = pointsOf(evidence)
  if (scale === undefined || points.length < 3) return undefined
  const panels = [
    ratesOf(points),
    timesOf('p99', points, ({ p99 }) => p99),
    timesOf('waiting for a connection', points, ({ waited }) => waited),
  ].filter(({ figures }) => figures.length > 0)
  const places = points.map(({ at }) => at)
  return {
    title: `Rate, p99 and waiting by ${scale.what}`,
    description: points.map((it) => `${it.name} ${whole(it.rate.centre)} a second`).join('; '),
    shape: 'narrow',
    height: panels.length * (panelHeight + gap) + 30,
    option: {
      grid: panels.map((_, at) => ({ ...sides, top: gap + at * (panelHeight + gap) })),
      xAxis: panels.map((_, at) => axisOf(places, at, at === panels.length - 1 ? scale.what : '')),
      yAxis: panels.map(({ bounds, name, print }, gridIndex) => ({
        ...logAxis(bounds, name, print),
        nameGap: 64,
        gridIndex,
      })),
      series: [...panels.map(lineOf), intervalsOf(points)],
    },
  }
}

/** Pixels. */
const [panelHeight, gap] = [180, 30]
const sides = { left: 82, right: 24, height: panelHeight }

const ratesOf = (points: readonly Point[]): Panel => ({
  name: 'units of work a second',
  figures: points.map(({ at, rate }) => ({ at, figure: rate.centre })),
  bounds: points.flatMap(({ rate }) => [rate.low, rate.high]),
})

const timesOf = (
  name: string,
  points: readonly Point[],
  of: (point: Point) => number | undefined,
): Panel => {
  const figures = points.flatMap((point) => {
    const figure = of(point)
    return figure === undefined ? [] : [{ at: point.at, figure }]
  })
  return { name, print: ms, figures, bounds: figures.map(({ figure }) => figure) }
}

/** The arms on the scale, in ascending order. */
const pointsOf = ({ header, valid }: Evidence): Point[] =>
  header.arms
    .flatMap(({ name, role }): Point[] => {
      const at = header.scale?.at[name]
      const slices = valid.filter(({ arm }) => arm === name)
      const rate = rateOver(slices)
      if (at === undefined || role === 'repeat' || rate === undefined) return []
      return [{ at, name, rate, p99: p99Of(slices, header.outcome), waited: waitedBy(slices) }]
    })
    .sort((one, other) => one.at - other.at)

const p99Of = (slices: readonly Slice[], outcome: string): number | undefined => {
  const { histogram, n } = latencyOver(slices, outcome)
  return isPrintable(0.99, n) ? histogramQuantile(histogram, 0.99) : undefined
}

const waitedBy = (slices: readonly Slice[]): number | undefined => {
  const ms = sum(slices.map(({ counts }) => counts[waitingCount] ?? 0))
  return ms > 0 ? ms / sum(slices.map(({ completed }) => completed)) : undefined
}

/** A tick for each arm, on a logarithmic scale. */
const axisOf = (places: readonly number[], gridIndex: number, name = '') => {
  const customValues = places.map(Math.log)
  return {
    ...axisStyle,
    type: 'value' as const,
    name,
    gridIndex,
    min: Math.min(...customValues) - 0.2,
    max: Math.max(...customValues) + 0.2,
    axisTick: { show: false, customValues },
    axisLabel: {
      ...axisStyle.axisLabel,
      customValues,
      formatter: (log: number) => `${Math.round(Math.exp(log))}`,
    },
  }
}

const colour = 'var(--arm-1)'

const lineOf = ({ figures }: Panel, index: number) => ({
  type: 'line',
  silent: true,
  clip: false,
  symbol: 'circle',
  symbolSize: 7,
  xAxisIndex: index,
  yAxisIndex: index,
  lineStyle: { color: colour, width: 2 },
  itemStyle: { color: colour },
  data: figures.map(({ at, figure }) => [Math.log(at), Math.log(figure)]),
})

const intervalsOf = (points: readonly Point[]): CustomSeriesOption => ({
  type: 'custom',
  silent: true,
  clip: false,
  data: points.map(({ at, rate }) => [at, rate.low, rate.high].map(Math.log)),
  renderItem: (_, api) => {
    const end = (dimension: number) => api.coord([api.value(0), api.value(dimension)])
    const [[x1 = 0, y1 = 0], [, y2 = 0]] = [end(1), end(2)]
    return { type: 'line', shape: { x1, x2: x1, y1, y2 }, style: { stroke: ink, lineWidth: 2 } }
  },
})
