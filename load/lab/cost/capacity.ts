import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import type { Cost } from './summary.ts'

/**
 * The throughput with more cores, calculated from the cost of an order. It is an upper limit: it
 * assumes that no core idles and that no other program runs.
 */
export type Capacity = {
  cores: number
  /** Orders per second by the number of deals. Infinity: enough deals that no row is the limit. */
  byDeals: ReadonlyMap<number, number>
  /** Instances that the highest of these rates needs: a Node process uses one core. */
  instances: Readonly<Record<string, number>>
}

const coresOf = [2, 8, 32]
const dealsOf = [1, 2, Number.POSITIVE_INFINITY]
const services = ['gateway', 'order', 'product']
const usInSecond = 1_000_000

/** The statement that takes units of a deal. It locks the row, so one runs at a time for each deal. */
const takesUnits = 'reservation_take µs'

/** @param cost of an order of one line on a deal */
export const capacitiesOf = ({ byProcess, totalUs, counted }: Cost): Capacity[] => {
  const rowUs = counted[takesUnits] ?? 0
  return coresOf.map((cores) => {
    const byCpu = (cores * usInSecond) / totalUs
    const byDeals = new Map(
      dealsOf.map((deals) => [deals, Math.min(byCpu, (deals * usInSecond) / rowUs)]),
    )
    const instances = Object.fromEntries(
      services.map((name) => [
        name,
        Math.ceil(((byProcess[name] ?? 0) * Math.max(...byDeals.values())) / usInSecond),
      ]),
    )
    return { cores, byDeals, instances }
  })
}

/** Empty if the run has not counted the statement. */
export const capacityTables = (costs: readonly Cost[]): Table[] =>
  costs
    .filter(({ counted }) => (counted[takesUnits] ?? 0) > 0)
    .slice(0, 1)
    .map(capacityTable)

const capacityTable = (cost: Cost): Table => ({
  caption: `Orders a second by calculation, from ${cost.totalUs.toFixed(0)} µs of CPU for an order, ${(cost.counted[takesUnits] ?? 0).toFixed(0)} µs of them while the row of the deal is locked`,
  columns: [
    text('cores'),
    ...['one deal', 'two deals', 'many deals'].map(figures),
    ...services.map((name) => figures(`instances of ${name}`)),
  ],
  rows: capacitiesOf(cost).map(({ cores, byDeals, instances }) => [
    String(cores),
    ...dealsOf.map((deals) => (byDeals.get(deals) ?? 0).toFixed(0)),
    ...services.map((name) => String(instances[name])),
  ]),
})
