import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import { capacityTables } from './capacity.ts'
import { hopTables } from './hops.ts'
import { layerSteps } from './layer-steps.ts'
import { gatewayTargets } from './proxied.ts'
import { targetOf } from './purchases.ts'
import type { CostRun } from './record.ts'
import { type Cost, costsOf } from './summary.ts'
import { bareName } from './work.ts'

/** The costs of a run as tables, for the terminal and for docs/performance.md. */

export const tablesOf = ({ kind, rotations }: CostRun): Table[] => {
  const costs = rotations.map(({ samples }) => costsOf(samples))
  if (kind === 'layers')
    return costs.map((each, index) => layerTable(each, layerCaptions[index] ?? ''))
  return costs.flatMap((each) => [
    purchaseTable(each),
    ...hopTables(each.filter(({ work }) => shownByHop.includes(work))),
    ...capacityTables(each),
  ])
}

/** The purchases that are shown hop by hop. */
const shownByHop: readonly string[] = [
  'order, one line, one deal',
  'order, three lines over 1,000 products (Zipf)',
  'order, one line, uncontended, every scenario at its baseline',
]

const purchaseTable = (costs: readonly Cost[]): Table => {
  const names = processesOf(costs)
  return {
    caption: 'CPU of all processes for each request; medians over the rounds',
    columns: [
      text('request'),
      figures('bare routes [min..max]'),
      figures('target'),
      ...names.map((name) => figures(`${name} µs`)),
      figures('requests/s'),
      figures('mean ms'),
    ],
    rows: costs.map((cost) => [
      cost.work,
      rangeOf(cost),
      targetFor(cost.work),
      ...names.map((name) => cost.byProcess[name]?.toFixed(0) ?? ''),
      cost.perSecond.toFixed(0),
      cost.meanMs.toFixed(1),
    ]),
  }
}

const layerCaptions = [
  'The layers of the gateway, each added to those above it; medians over the rounds',
  'The whole gateway, each scenario added to those above it; medians over the rounds',
]

const layerTable = (costs: readonly Cost[], caption: string): Table => ({
  caption,
  columns: [
    text('layer'),
    figures('adds, bare routes'),
    figures('total, bare routes [min..max]'),
    figures('total µs'),
    figures('allocated bytes'),
  ],
  rows: layerSteps(costs).map(({ cost, adds }) => [
    cost.work,
    adds.toFixed(2),
    rangeOf(cost),
    cost.totalUs.toFixed(1),
    Number.isNaN(cost.allocated) ? '' : cost.allocated.toFixed(0),
  ]),
})

const targetFor = (work: string): string => {
  const target = gatewayTargets[work]
  return target === undefined ? targetOf(work) : `≤ ${target}`
}

const rangeOf = ({ work, bareRoutes: { median, min, max } }: Cost): string =>
  work === bareName ? '1' : `${median.toFixed(2)} [${min.toFixed(2)}..${max.toFixed(2)}]`

const processesOf = (costs: readonly Cost[]): string[] => [
  ...new Set(costs.flatMap(({ byProcess }) => Object.keys(byProcess))),
]
