import { type AppName, isInGo, type Need, resolveScenarios, scenarioOf } from '@flash-deal/config'
import type { ByForm, Form } from './form.ts'
import {
  burstOfLogIns,
  idleSockets,
  slowReaders,
  slowWriters,
} from './injections/abusive-clients.ts'
import {
  type Disturb,
  disturbPostgres,
  disturbRedis,
  disturbRedlock,
} from './injections/disturb-link.ts'
import { exitAtPoint, stopSecondOrder } from './injections/exit-at-point.ts'
import { freeze } from './injections/freeze.ts'
import { kill, killAfterSnapshot, killAll, killEach, killed } from './injections/kill.ts'
import type { FaultContext, PrepareFault } from './injections/prepared-fault.ts'
import { restockInParts, withSettings } from './injections/races.ts'
import { withBreaker } from './injections/with-breaker.ts'
import type { Sale } from './plan.ts'
import {
  buyThenCancel,
  clientAborts,
  endingDeal,
  manyBuyers,
  oneBuyer,
  oneKey,
  restockedSale,
} from './sales.ts'

/** The table of faults. The suite runs several rounds of each row. */

export type Fault = {
  kind: string
  /** The process, connection or client behaviour that the fault applies to. */
  target: string
  /** Runs only with the variants of M1 that need this. */
  needs?: Need
  /** The service that must run in Node, because a hook in Node injects the fault. */
  inNode?: AppName
  /** Prepares what is injected during the sale; absent if the buyers are the fault. */
  prepare?: PrepareFault
  /** Buyers must be served during the fault. */
  isServed?: boolean
  /** Time from injection to recovery in milliseconds. Default: 0. */
  lastsMs?: ByForm
  /** The workload. Default: `defaultSale`. */
  sale?: Sale
}

export const idOf = ({ kind, target }: Fault): string => `${kind}-${target}`

/** Whether the fault kills a process. Such faults run for more rounds than the others. */
export const isKill = ({ kind }: Fault): boolean => ['kill', 'old-snapshot'].includes(kind)

/** For logs and reports: the id, the duration and the number of orders. */
export const describeFault = (fault: Fault, form: Form): string => {
  const lasts = fault.lastsMs ? ` for ${fault.lastsMs[form] / 1_000} s` : ''
  const orders = fault.sale?.requests ? ` of ${fault.sale.requests[form]} orders` : ''
  return `${idOf(fault)}${lasts}${orders}`
}

const stop = { short: 2_000, long: 10_000 }
const [redis, redlock] = [{ needs: 'redis' }, { needs: 'redlock' }] as const

const kills: readonly Fault[] = [
  { kind: 'kill', target: 'order', prepare: kill('order') },
  { kind: 'kill', target: 'product', prepare: kill('product') },
  { kind: 'kill', target: 'gateway', prepare: kill('gateway') },
  { kind: 'kill', target: 'postgres', prepare: kill('postgres') },
  { kind: 'kill', target: 'all', prepare: killAll },
  { kind: 'kill', target: 'valkey', ...redis, prepare: kill('valkey') },
  { kind: 'kill', target: 'redlock-1', ...redlock, prepare: kill('redlock-1') },
  {
    kind: 'kill',
    target: 'two-redlocks',
    ...redlock,
    prepare: killEach(['redlock-2', 'redlock-3']),
  },
  { kind: 'old-snapshot', target: 'valkey', ...redis, prepare: killAfterSnapshot },
]

const stops: readonly Fault[] = [
  { kind: 'freeze', target: 'postgres', prepare: freeze('postgres'), lastsMs: stop },
  {
    ...{ kind: 'freeze', target: 'product', lastsMs: stop },
    prepare: withBreaker(freeze('product')),
  },
  { kind: 'freeze', target: 'valkey', ...redis, prepare: freeze('valkey'), lastsMs: stop },
  { kind: 'freeze', target: 'redlock-1', ...redlock, prepare: freeze('redlock-1'), lastsMs: stop },
  {
    kind: 'stop',
    target: 'second-order',
    inNode: 'order',
    prepare: stopSecondOrder,
    lastsMs: { short: 6_000, long: 30_000 },
  },
]

const delayed: Disturb = (link) => link.delayAnswers(300)
const held: Disturb = (link) => link.holdTraffic()
/** The statements of M1 and M8 commit by themselves. This matches a part that only they have. */
const commitsLost: Disturb = (link) =>
  link.loseCommits(
    /\b(?:written as \(\s*insert into reservation_lines|items as \(\s*insert into order_items)\b/,
  )

const links: readonly Fault[] = [
  { kind: 'delay', target: 'postgres', prepare: disturbPostgres(delayed), lastsMs: stop },
  { kind: 'delay', target: 'valkey', ...redis, prepare: disturbRedis(delayed), lastsMs: stop },
  {
    kind: 'delay',
    target: 'redlock-1',
    ...redlock,
    prepare: disturbRedlock(delayed),
    lastsMs: stop,
  },
  { kind: 'black-hole', target: 'postgres', prepare: disturbPostgres(held), lastsMs: stop },
  { kind: 'black-hole', target: 'valkey', ...redis, prepare: disturbRedis(held), lastsMs: stop },
  {
    ...{ kind: 'black-hole', target: 'redlock-1', ...redlock },
    ...{ prepare: disturbRedlock(held), lastsMs: stop },
  },
  {
    kind: 'lost-commits',
    target: 'postgres',
    prepare: disturbPostgres(commitsLost),
    lastsMs: stop,
  },
]

const points = [
  ...['before-reserve', 'after-reserve', 'after-insert', 'after-commit', 'before-answer'],
  ...['before-relay', 'after-acknowledge'],
] as const

/** Kills and restarts order, so that reservations expire. */
const restartOrder = async ({ stack }: FaultContext): Promise<void> => {
  await killed(stack, 'order')
  await stack.restart('order')
}

const exits: readonly Fault[] = [
  ...points.map((target) => ({
    ...({ kind: 'exit', target, inNode: 'order' } as const),
    prepare: exitAtPoint('order', target),
  })),
  {
    kind: 'exit',
    target: 'after-resolve',
    prepare: exitAtPoint('product', 'after-resolve', restartOrder),
  },
]

const longTimeouts = { DEADLINE_MS: '9000', QUERY_TIMEOUT_MS: '8000' }
/** Long timeouts, so that every queued request is processed on a slow machine, too. */
const withLongTimeouts = withSettings({
  gateway: longTimeouts,
  order: longTimeouts,
  product: longTimeouts,
})

const rushes: readonly Fault[] = [
  { kind: 'rush', target: 'buyers', prepare: withLongTimeouts, sale: manyBuyers },
  { kind: 'rush', target: 'one-buyer', prepare: withLongTimeouts, sale: oneBuyer },
  { kind: 'rush', target: 'one-key', sale: oneKey },
  { kind: 'rush', target: 'hang-ups', sale: clientAborts },
]

/** The relay does not run, so that the sweep resolves every order. */
const sweepOnly = withSettings({
  order: { RELAY_INTERVAL_MS: '600000' },
  product: { RESERVATION_TTL_MS: '100', SWEEP_INTERVAL_MS: '50' },
})
/** No order is old enough for the sweep. */
const relayOnly = withSettings({
  order: { RELAY_INTERVAL_MS: '20' },
  product: { RESERVATION_TTL_MS: '600000' },
})

const races: readonly Fault[] = [
  { kind: 'race', target: 'cancel-resolve', prepare: sweepOnly, sale: buyThenCancel(300) },
  { kind: 'race', target: 'release-confirm', prepare: relayOnly, sale: buyThenCancel(60) },
  { kind: 'race', target: 'close-buy', sale: endingDeal },
  { kind: 'race', target: 'restock-buy', prepare: restockInParts, sale: restockedSale },
]

const abusive = { isServed: true, lastsMs: { short: 2_000, long: 20_000 } }

/** Clients that exhaust resources of the gateway. Other clients must still be able to buy. */
const abuses: readonly Fault[] = [
  { kind: 'abuse', target: 'slow-readers', prepare: slowReaders, ...abusive },
  { kind: 'abuse', target: 'slow-writers', prepare: slowWriters, ...abusive },
  { kind: 'abuse', target: 'idle-sockets', prepare: idleSockets, ...abusive },
  { kind: 'abuse', target: 'log-ins', prepare: burstOfLogIns, ...abusive },
]

export const faults: readonly Fault[] = [
  ...[...kills, ...stops, ...links, ...exits],
  ...[...rushes, ...races, ...abuses],
]

/**
 * The faults that can be injected into a system with this variant of M1.
 *
 * @param list further scenarios of the system, as in SCENARIOS
 */
export const faultsOf = (variant: string, list = ''): Fault[] => {
  const needs = scenarioOf('M1').needs?.[variant] ?? []
  const { scenarios } = resolveScenarios({}, { SCENARIOS: list })
  return faults
    .filter((fault) => fault.needs === undefined || needs.includes(fault.needs))
    .filter(({ inNode }) => inNode === undefined || !isInGo(inNode, scenarios))
}
