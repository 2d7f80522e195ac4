import type { CustomSeriesOption } from 'echarts/charts'
import { ink, logAxis, roomFor, rowAxis, surface } from './axis.ts'
import type { Drawing } from './chart.ts'

/** A row: a figure with its interval. */
export type Row = {
  name: string
  /** The text at the right end. */
  label: string
  colour: string
  low: number
  centre: number
  high: number
  /** Drawn as not significant. */
  isHollow?: boolean
}

export type RowsOptions = Pick<Drawing, 'title' | 'description'> & {
  rows: readonly Row[]
  axis: string
  print?: (figure: number) => string
  /** Further figures that the axis must include. */
  bounds?: readonly number[]
  /** Further options of the series. */
  series?: object
}

/** The rows from top to bottom, over one logarithmic axis. */
export const rowsDrawing = (options: RowsOptions): Drawing => ({
  ...drawingOf(options, 'page'),
  onNarrow: drawingOf(options, 'narrow'),
})

const drawingOf = (options: RowsOptions, shape: Drawing['shape']): Omit<Drawing, 'onNarrow'> => {
  const { title, description, rows, axis, print, bounds = [], series } = options
  const names = rows.map(({ name }) => name)
  const labels = rows.map(({ label }) => label)
  const ends = rows.flatMap(({ low, high }) => [low, high])
  return {
    title,
    description,
    shape,
    height: 70 + 38 * rows.length,
    option: {
      grid: { left: roomFor(names), right: roomFor(labels), top: 14, bottom: 50 },
      xAxis: logAxis([...ends, ...bounds], axis, print, bounds),
      yAxis: [rowAxis(names), rowAxis(labels, 'right')],
      series: [
        {
          ...series,
          type: 'custom',
          silent: true,
          data: rows.map(({ low, centre, high }, row) => [
            row,
            ...[low, centre, high].map(Math.log),
          ]),
          renderItem: whiskers(rows),
        },
        // The right axis is drawn only if a series belongs to it.
        { type: 'scatter', yAxisIndex: 1, data: [] },
      ],
    },
  }
}

const whiskers =
  (rows: readonly Row[]): CustomSeriesOption['renderItem'] =>
  ({ dataIndex }, api) => {
    const row = Number(api.value(0))
    const at = (dimension: number) => api.coord([Number(api.value(dimension)), row])
    const [[x1 = 0, y = 0], [x = 0], [x2 = 0]] = [at(1), at(2), at(3)]
    const { colour = ink, isHollow = false } = rows[dataIndex] ?? {}
    const point = { fill: isHollow ? surface : colour, stroke: colour, lineWidth: 2 }
    return {
      type: 'group',
      children: [
        line({ x1, x2, y1: y, y2: y }),
        ...[x1, x2].map((end) => line({ x1: end, x2: end, y1: y - 8, y2: y + 8 })),
        { type: 'circle', shape: { cx: x, cy: y, r: 4 }, style: point },
      ],
    }
  }

const line = (shape: Record<'x1' | 'x2' | 'y1' | 'y2', number>) => ({
  type: 'line' as const,
  shape,
  style: { stroke: ink, lineWidth: 2 },
})
