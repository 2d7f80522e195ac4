import t from 'tap'
import { capacitiesOf, capacityTables } from '../capacity.ts'
import { hopTables } from '../hops.ts'
import type { Cost } from '../summary.ts'

const cost = (counted: Record<string, number>): Cost => ({
  work: 'order',
  totalUs: 1_000,
  byProcess: { gateway: 400, order: 300, product: 200, postgres: 100 },
  bareRoutes: { median: 20, min: 20, max: 20 },
  allocated: Number.NaN,
  counted,
  perSecond: 1_900,
  meanMs: 30,
})

t.test('the cores limit the rate of many deals, the row lock that of one', async (t) => {
  const [two, , many] = capacitiesOf(cost({ 'reservation_take µs': 50 }))
  t.same([...(two?.byDeals.values() ?? [])], [2_000, 2_000, 2_000])
  t.same([...(many?.byDeals.values() ?? [])], [20_000, 32_000, 32_000])
  t.same(two?.instances, { gateway: 1, order: 1, product: 1 })
  t.same(many?.instances, { gateway: 13, order: 10, product: 7 })
})

t.test('a run that counted nothing shows neither hops nor capacity', async (t) => {
  t.same([...hopTables([cost({})]), ...capacityTables([cost({})])], [])
})

t.test('the waiting time of a hop is neither its CPU nor the time of the next hop', async (t) => {
  const counted = {
    ...{ 'gateway calls': 1, 'gateway ms': 30, 'gateway read': 900, 'gateway written': 800 },
    ...{ 'order calls': 1, 'order ms': 20, 'product calls': 0.1, 'product ms': 0.5 },
    ...{
      'order_store statements': 0.1,
      'order_store µs': 60,
      'order_store WAL': 700,
      'all WAL': 1_500,
    },
  }
  const [hops, statements] = hopTables([cost(counted)])
  const cells = hops?.rows.map(([name, , calls, , ms, waiting]) => [name, calls, ms, waiting])
  t.same(cells, [
    ['gateway', '1.00', '30.0', '9.6'],
    ['order', '1.00', '20.0', '14.7'],
    ['product', '0.10', '5.0', '3.0'],
  ])
  t.same(statements?.rows, [['order_store', '0.100', '60', '700']])
})
