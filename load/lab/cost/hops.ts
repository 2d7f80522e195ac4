import { figures, type Table, text } from '@flash-deal/local/markdown-table'
import type { Cost } from './summary.ts'

/** CPU, time and bytes of an order at each hop. */

type Described = { name: string; does: string; next?: string }

/** In the sequence in which an order passes them. */
const hops: readonly Described[] = [
  {
    name: 'gateway',
    does: 'has the token verified, forwards the request',
    next: 'order',
  },
  { name: 'order', does: 'reserves at product, stores the order', next: 'product' },
  { name: 'product', does: 'takes the units from the stock' },
]

/** Empty if the run has counted no hops. */
export const hopTables = (costs: readonly Cost[]): Table[] =>
  costs
    .filter(({ counted }) => (counted['order calls'] ?? 0) > 0)
    .flatMap((cost) => [hopTable(cost), statementTable(cost)])

const hopTable = (cost: Cost): Table => ({
  caption: `${cost.work}, hop by hop`,
  columns: [
    text('process'),
    text('what it does'),
    ...['calls for each order', 'CPU µs', 'ms from request to response', 'of these waiting'].map(
      figures,
    ),
    ...['bytes read', 'bytes written'].map(figures),
  ],
  rows: hops.map((hop) => [hop.name, hop.does, ...hopCells(cost, hop)]),
})

const hopCells = ({ counted, byProcess }: Cost, { name, next }: Described): string[] => {
  const of = (what: string): number => counted[`${name} ${what}`] ?? 0
  const cpuUs = byProcess[name] ?? 0
  const calls = of('calls')
  const ms = meanMs(counted, name)
  // A call that carries several orders uses the CPU of all of them.
  const waitingMs = ms - (next === undefined ? 0 : meanMs(counted, next)) - cpuUs / calls / 1_000
  return [
    calls.toFixed(2),
    cpuUs.toFixed(0),
    ms.toFixed(1),
    Math.max(0, waitingMs).toFixed(1),
    of('read').toFixed(0),
    of('written').toFixed(0),
  ]
}

const meanMs = (counted: Cost['counted'], name: string): number =>
  (counted[`${name} ms`] ?? 0) / (counted[`${name} calls`] || 1)

/** Statements with a smaller share of an order's CPU are not shown. */
const leastUs = 1

const statementTable = ({ work, counted }: Cost): Table => ({
  caption: `${work}, statement by statement; PostgreSQL writes ${(counted['all WAL'] ?? 0).toFixed(0)} bytes of WAL for each order`,
  columns: [
    text('statement'),
    ...[
      'statements for each order',
      'µs of execution for each order',
      'bytes of WAL for each order',
    ].map(figures),
  ],
  rows: Object.keys(counted)
    .filter((key) => key.endsWith(' µs') && (counted[key] ?? 0) >= leastUs)
    .sort((one, other) => (counted[other] ?? 0) - (counted[one] ?? 0))
    .map((key) => key.slice(0, -' µs'.length))
    .map((name) => [
      name,
      (counted[`${name} statements`] ?? 0).toFixed(3),
      (counted[`${name} µs`] ?? 0).toFixed(0),
      (counted[`${name} WAL`] ?? 0).toFixed(0),
    ]),
})
