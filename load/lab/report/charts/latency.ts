import { histogramQuantile } from '../../stats/histogram.ts'
import { isPrintable } from '../../stats/quantile.ts'
import { latencyOver } from '../../verdict/figures.ts'
import { type ArmStyle, styleOf } from '../arm-styles.ts'
import type { Evidence } from '../evidence.ts'
import { axisStyle, logAxis, ms } from './axis.ts'
import type { Drawing } from './chart.ts'

/**
 * Latency by quantile, one curve for each arm. A quantile q is drawn at −log₁₀(1 − q), so that each
 * further nine has the same width. Only quantiles with enough values are drawn.
 */
export const latencyChart = ({ header, valid }: Evidence): Drawing | undefined => {
  const curves = header.arms.flatMap(({ name }) => {
    const points = curveOf(
      latencyOver(
        valid.filter(({ arm }) => arm === name),
        header.outcome,
      ),
    )
    return points.length > 0 ? { name, points } : []
  })
  const points = curves.flatMap((curve) => curve.points)
  if (points.length === 0) return undefined
  const last = Math.max(...points.map(({ nines }) => nines))
  return {
    title: `Latency of ${header.outcome} by quantile`,
    description: curves.map(({ name }) => name).join(', '),
    shape: 'narrow',
    height: 320,
    option: {
      grid: { left: 82, right: 24, top: 14, bottom: 50 },
      xAxis: quantileAxis(last),
      yAxis: {
        ...logAxis(
          points.map((point) => point.ms),
          'latency',
          ms,
        ),
        nameGap: 64,
      },
      series: curves.map(({ name, points }) => seriesOf(styleOf(header.arms, name), points)),
    },
  }
}

type Point = { nines: number; ms: number }

const grid = Array.from({ length: 250 }, (_, at) => (at + 1) / 50)

const curveOf = ({ histogram, n }: Pick<ReturnType<typeof latencyOver>, 'histogram' | 'n'>) =>
  grid.flatMap((nines): Point[] => {
    const q = 1 - 10 ** -nines
    const ms = isPrintable(q, n) ? histogramQuantile(histogram, q) : undefined
    return ms === undefined ? [] : [{ nines, ms }]
  })

const marks = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999]

const quantileAxis = (max: number) => {
  const ninesOf = new Map(
    marks.map((q) => [-Math.log10(1 - q), `p${Number((q * 100).toFixed(3))}`]),
  )
  const customValues = [...ninesOf.keys()].filter((nines) => nines <= max + 0.01)
  const formatter = (nines: number) => ninesOf.get(nines) ?? ''
  return {
    ...axisStyle,
    type: 'value',
    name: 'quantile',
    min: 0,
    max: Math.max(max, 1) + 0.02,
    axisTick: { show: false, customValues },
    axisLabel: { ...axisStyle.axisLabel, customValues, formatter },
  }
}

const seriesOf = ({ colour, line }: ArmStyle, points: readonly Point[]) => ({
  type: 'line',
  silent: true,
  showSymbol: false,
  clip: false,
  lineStyle: { color: colour, width: 2, type: line },
  data: points.map(({ nines, ms }) => [nines, Math.log(ms)]),
})
