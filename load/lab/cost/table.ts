import { figures, type Table, text } from '../report/table.ts'
import type { Cost } from './summary.ts'

/** The costs as a table: one row for each kind of work, one column for each process. */
export const costTable = (costs: readonly Cost[]): Table => {
  const names = [...new Set(costs.flatMap(({ byProcess }) => Object.keys(byProcess)))]
  return {
    caption: 'CPU for each request, medians over the rounds',
    columns: [
      text('request'),
      figures('bare routes [least..most]'),
      figures('µs'),
      ...names.map((name) => figures(`${name} µs`)),
      figures('requests/s'),
      figures('mean ms'),
    ],
    rows: costs.map(({ work, bareRoutes, totalUs, byProcess, perSecond, meanMs }) => [
      work,
      `${bareRoutes.median.toFixed(1)} [${bareRoutes.min.toFixed(1)}..${bareRoutes.max.toFixed(1)}]`,
      totalUs.toFixed(0),
      ...names.map((name) => byProcess[name]?.toFixed(0) ?? ''),
      perSecond.toFixed(0),
      meanMs.toFixed(1),
    ]),
  }
}
