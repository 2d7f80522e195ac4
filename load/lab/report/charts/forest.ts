import type { CustomSeriesOption } from 'echarts/charts'
import { lookOf } from '../arm-looks.ts'
import { type Evidence, ratiosOf } from '../evidence.ts'
import { interval } from '../numbers.ts'
import { ink, logAxis, roomFor, rowAxis, times } from './axis.ts'
import type { Drawing } from './chart.ts'
import { lineAtOne } from './line-at-one.ts'

/** Each treatment's speed over the baseline's with its interval, and the gate's for comparison. */
export const forestChart = (evidence: Evidence): Drawing | undefined => {
  const rows = ratiosOf(evidence)
  if (rows.length === 0) return undefined
  const bounds = rows.flatMap(({ found }) => [found.low, found.high])
  const names = rows.map(({ name }) => name)
  const labels = rows.map(({ found }) => interval(found))
  const colours = rows.map(({ arm }) => lookOf(evidence.header.arms, arm).colour)
  return {
    title: 'Speed over the baseline',
    description: rows.map(({ name, found }) => `${name} ${interval(found)}`).join('; '),
    shape: 'narrow',
    height: 70 + 46 * rows.length,
    option: {
      grid: { left: roomFor(names), right: roomFor(labels), top: 14, bottom: 50 },
      xAxis: logAxis([...bounds, 1], 'ratio [95 %]; above 1 is faster', times),
      yAxis: [rowAxis(names), rowAxis(labels, 'right')],
      series: [
        {
          ...lineAtOne,
          type: 'custom',
          silent: true,
          data: rows.map(({ found: { low, ratio, high } }, row) => [
            row,
            ...[low, ratio, high].map(Math.log),
          ]),
          renderItem: whiskers(colours),
        },
        // The axis on the right is drawn only where a series belongs to it.
        { type: 'scatter', yAxisIndex: 1, data: [] },
      ],
    },
  }
}

const whiskers =
  (colours: readonly string[]): CustomSeriesOption['renderItem'] =>
  ({ dataIndex }, api) => {
    const row = Number(api.value(0))
    const at = (dimension: number) => api.coord([Number(api.value(dimension)), row])
    const [[x1 = 0, y = 0], [x = 0], [x2 = 0]] = [at(1), at(2), at(3)]
    const point = { fill: colours[dataIndex] ?? ink }
    return {
      type: 'group',
      children: [
        line({ x1, x2, y1: y, y2: y }),
        ...[x1, x2].map((end) => line({ x1: end, x2: end, y1: y - 6, y2: y + 6 })),
        { type: 'circle', shape: { cx: x, cy: y, r: 6 }, style: point },
      ],
    }
  }

const line = (shape: Record<'x1' | 'x2' | 'y1' | 'y2', number>) => ({
  type: 'line' as const,
  shape,
  style: { stroke: ink, lineWidth: 2 },
})
