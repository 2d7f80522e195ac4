import { type Need, scenarioOf } from '@flash-deal/config'
import type { Arrange, Scene } from './acts/act.ts'
import { dieAt, stopSecondOrder } from './acts/die-at.ts'
import { freeze } from './acts/freeze.ts'
import { kill, killAfterSnapshot, killAll, killEach, killed } from './acts/kill.ts'
import { restockInParts, withSettings } from './acts/races.ts'
import { burstOfLogIns, idleSockets, slowReaders, slowWriters } from './acts/rude-clients.ts'
import { type Spoil, spoilPostgres, spoilRedis, spoilRedlock } from './acts/spoil-link.ts'
import { withBreaker } from './acts/with-breaker.ts'
import type { ByForm, Form } from './form.ts'
import type { Sale } from './plan.ts'
import { changesOfMind, closing, crowd, hangUps, oneBuyer, oneKey, scarce } from './sales.ts'

/** The table of faults: each row is played for some rounds. */

export type Fault = {
  kind: string
  /** What it is injected into. */
  target: string
  /** Played for those variants of M1 only that need this. */
  needs?: Need
  /** What happens in the midst of the sale; nothing, where the buyers are the fault. */
  arrange?: Arrange
  /** Buyers are served while it goes on. */
  isServed?: boolean
  /** From the injection until it is mended, in milliseconds; at once where nothing is said. */
  lastsMs?: ByForm
  /** Who buys what, where it is not the usual sale. */
  sale?: Sale
}

export const idOf = ({ kind, target }: Fault): string => `${kind}-${target}`

/** Ends something by force, so that it is played more often than the rest. */
export const isKill = ({ kind }: Fault): boolean => ['kill', 'old-snapshot'].includes(kind)

/** As it is told to people: its id, for how long it lasts, how many orders it is about. */
export const inWords = (fault: Fault, form: Form): string => {
  const lasts = fault.lastsMs ? ` for ${fault.lastsMs[form] / 1_000} s` : ''
  const orders = fault.sale?.requests ? ` of ${fault.sale.requests[form]} orders` : ''
  return `${idOf(fault)}${lasts}${orders}`
}

const stop = { short: 2_000, long: 10_000 }
const [redis, redlock] = [{ needs: 'redis' }, { needs: 'redlock' }] as const

const kills: readonly Fault[] = [
  { kind: 'kill', target: 'order', arrange: kill('order') },
  { kind: 'kill', target: 'product', arrange: kill('product') },
  { kind: 'kill', target: 'gateway', arrange: kill('gateway') },
  { kind: 'kill', target: 'postgres', arrange: kill('postgres') },
  { kind: 'kill', target: 'all', arrange: killAll },
  { kind: 'kill', target: 'valkey', ...redis, arrange: kill('valkey') },
  { kind: 'kill', target: 'redlock-1', ...redlock, arrange: kill('redlock-1') },
  {
    kind: 'kill',
    target: 'two-redlocks',
    ...redlock,
    arrange: killEach(['redlock-2', 'redlock-3']),
  },
  { kind: 'old-snapshot', target: 'valkey', ...redis, arrange: killAfterSnapshot },
]

const stops: readonly Fault[] = [
  { kind: 'freeze', target: 'postgres', arrange: freeze('postgres'), lastsMs: stop },
  {
    ...{ kind: 'freeze', target: 'product', lastsMs: stop },
    arrange: withBreaker(freeze('product')),
  },
  { kind: 'freeze', target: 'valkey', ...redis, arrange: freeze('valkey'), lastsMs: stop },
  { kind: 'freeze', target: 'redlock-1', ...redlock, arrange: freeze('redlock-1'), lastsMs: stop },
  {
    kind: 'stop',
    target: 'second-order',
    arrange: stopSecondOrder,
    lastsMs: { short: 6_000, long: 30_000 },
  },
]

const late: Spoil = (link) => link.delayAnswers(300)
const swallowed: Spoil = (link) => link.swallow()
/** The statements of M1 and M8 commit by themselves; each is known by a part that no other one has. */
const commitsLost: Spoil = (link) =>
  link.loseCommits(
    /\b(?:written as \(\s*insert into reservation_lines|items as \(\s*insert into order_items)\b/,
  )

const links: readonly Fault[] = [
  { kind: 'delay', target: 'postgres', arrange: spoilPostgres(late), lastsMs: stop },
  { kind: 'delay', target: 'valkey', ...redis, arrange: spoilRedis(late), lastsMs: stop },
  { kind: 'delay', target: 'redlock-1', ...redlock, arrange: spoilRedlock(late), lastsMs: stop },
  { kind: 'black-hole', target: 'postgres', arrange: spoilPostgres(swallowed), lastsMs: stop },
  { kind: 'black-hole', target: 'valkey', ...redis, arrange: spoilRedis(swallowed), lastsMs: stop },
  {
    ...{ kind: 'black-hole', target: 'redlock-1', ...redlock },
    ...{ arrange: spoilRedlock(swallowed), lastsMs: stop },
  },
  { kind: 'lost-commits', target: 'postgres', arrange: spoilPostgres(commitsLost), lastsMs: stop },
]

const points = [
  ...['before-reserve', 'after-reserve', 'after-insert', 'after-commit', 'before-answer'],
  ...['before-relay', 'after-acknowledge'],
] as const

/** Reservations expire where order was away. */
const orderAway = async ({ stack }: Scene): Promise<void> => {
  await killed(stack, 'order')
  await stack.restart('order')
}

const exits: readonly Fault[] = [
  ...points.map((target) => ({ kind: 'exit', target, arrange: dieAt('order', target) })),
  { kind: 'exit', target: 'after-resolve', arrange: dieAt('product', 'after-resolve', orderAway) },
]

const patient = { DEADLINE_MS: '9000', QUERY_TIMEOUT_MS: '8000' }
/** Nothing is broken: whoever waits for his turn gets it, however slow the machine is. */
const unhurried = withSettings({ gateway: patient, order: patient, product: patient })

const rushes: readonly Fault[] = [
  { kind: 'rush', target: 'buyers', arrange: unhurried, sale: crowd },
  { kind: 'rush', target: 'one-buyer', arrange: unhurried, sale: oneBuyer },
  { kind: 'rush', target: 'one-key', sale: oneKey },
  { kind: 'rush', target: 'hang-ups', sale: hangUps },
]

/** The relay is silent, so that it is the sweep that asks about every order. */
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
  { kind: 'race', target: 'cancel-resolve', arrange: sweepOnly, sale: changesOfMind(300) },
  { kind: 'race', target: 'release-confirm', arrange: relayOnly, sale: changesOfMind(60) },
  { kind: 'race', target: 'close-buy', sale: closing },
  { kind: 'race', target: 'restock-buy', arrange: restockInParts, sale: scarce },
]

const rude = { isServed: true, lastsMs: { short: 2_000, long: 20_000 } }

/** Clients who want to harm others; the others buy all the same. */
const rudeClients: readonly Fault[] = [
  { kind: 'rude', target: 'slow-readers', arrange: slowReaders, ...rude },
  { kind: 'rude', target: 'slow-writers', arrange: slowWriters, ...rude },
  { kind: 'rude', target: 'idle-sockets', arrange: idleSockets, ...rude },
  { kind: 'rude', target: 'log-ins', arrange: burstOfLogIns, ...rude },
]

export const faults: readonly Fault[] = [
  ...[...kills, ...stops, ...links, ...exits],
  ...[...rushes, ...races, ...rudeClients],
]

/** Those that may befall a system with this variant of M1. */
export const faultsOf = (variant: string): Fault[] => {
  const needs = scenarioOf('M1').needs?.[variant] ?? []
  return faults.filter((fault) => fault.needs === undefined || needs.includes(fault.needs))
}
