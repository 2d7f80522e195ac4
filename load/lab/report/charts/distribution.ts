import type { CustomSeriesOption } from 'echarts/charts'
import { styleOf } from '../arm-styles.ts'
import { type Evidence, ratiosOf } from '../evidence.ts'
import { ink, logAxis, roomFor, rowAxis, times } from './axis.ts'
import type { Drawing } from './chart.ts'
import { lineAtOne } from './line-at-one.ts'

/** Vertical distance of restarts within a row, in pixels. */
const step = 5

/** The mean ratio of each restart; shows scatter and trend. */
export const distributionChart = (evidence: Evidence): Drawing | undefined => {
  const rows = ratiosOf(evidence)
  if (rows.length === 0) return undefined
  const most = Math.max(...rows.map(({ found }) => found.restarts))
  const ratios = rows.flatMap(({ found }) => found.restartMeans)
  const names = rows.map(({ name }) => name)
  const colours = rows.map(({ arm }) => styleOf(evidence.header.arms, arm).colour)
  const points = rows.flatMap(({ found }, row) =>
    found.restartMeans.map((ratio, at) => [row, Math.log(ratio), at - (found.restarts - 1) / 2]),
  )
  return {
    title: 'Ratio of each restart',
    description: `${ratios.length} ratios, from ${times(Math.min(...ratios))} to ${times(Math.max(...ratios))}`,
    shape: 'narrow',
    height: 64 + rows.length * (step * most + 24),
    option: {
      grid: { left: roomFor(names), right: 30, top: 14, bottom: 50 },
      xAxis: logAxis([...ratios, 1], 'ratio of a restart; the first is at the top', times),
      yAxis: rowAxis(names),
      series: [
        { ...lineAtOne, type: 'custom', silent: true, data: points, renderItem: dots(colours) },
      ],
    },
  }
}

const dots =
  (colours: readonly string[]): CustomSeriesOption['renderItem'] =>
  (_, api) => {
    const [row = 0, log = 0, place = 0] = [0, 1, 2].map((dimension) => Number(api.value(dimension)))
    const [cx = 0, y = 0] = api.coord([log, row])
    const shape = { cx, cy: y + step * place, r: 3.5 }
    return { type: 'circle', shape, style: { fill: colours[row] ?? ink } }
  }
