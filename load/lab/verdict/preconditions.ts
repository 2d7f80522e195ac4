import type { Arm, Header, Slice } from '../record.ts'
import { littlesLawDeviation } from '../stats/littles-law.ts'
import { isPrintable, valuesNeeded } from '../stats/quantile.ts'
import {
  costOf,
  latenciesOf,
  loadMsOf,
  meanLatencyMs,
  microsecondsOf,
  positive,
  rateOf,
  shareOf,
  waitingOf,
} from './figures.ts'
import { whyTooEarly } from './warm.ts'

/** The conditions for a slice to count. None depends on its result. */

export type Circumstances = {
  header: Header
  arm: Arm
  /** The warm-up of the same arm in the same restart. */
  warmUp: readonly Slice[]
}

export type Precondition = {
  name: string
  /**
   * Whether a violation excludes the slice or the whole arm. It is `arm` if the wrong thing was
   * measured.
   */
  costs: 'slice' | 'arm'
  /** The cause is outside the run. */
  isOfOthers?: true
  /** The reason, as a clause that follows a colon; undefined if the slice counts. */
  broken: (slice: Slice, circumstances: Circumstances) => string | undefined
}

/** A busy generator measures late; in a closed loop it only must not be the bottleneck. */
const generatorLimits = { capacity: 0.95, latency: 0.8, replay: 0.8 } as const
const serverFull = 0.9
/** Below this utilisation a generator without think time is not the bottleneck. */
const generatorFree = 0.5
const foreignLimit = 0.05
/**
 * The hypervisor takes time from all arms alike, so it makes the interval wider, not wrong. With more
 * than this the neighbouring slices of a pair are not alike.
 */
const stolenLimit = 0.25
/** The limit for an arm without load, as a share of a core: 1 % for each process. */
const idleLimit = ({ processes = 1 }: Header): number => 0.01 * processes
const littlesTolerance = 0.1

export const preconditions: readonly Precondition[] = [
  {
    name: 'figures',
    costs: 'arm',
    broken: (slice) =>
      firstOf(Object.entries(slice), ([name, value]) =>
        lacksFigure(value) ? `a figure is missing from ${name}` : undefined,
      ),
  },
  {
    name: 'variant',
    costs: 'arm',
    broken: ({ health }, { arm }) =>
      firstOf(Object.entries(arm.scenarios), ([id, variant]) =>
        health[id] === variant
          ? undefined
          : `/health shows ${id} as ${health[id] ?? 'nothing'}, not ${variant}`,
      ),
  },
  {
    name: 'witness',
    costs: 'arm',
    broken: ({ witnesses }, { arm }) =>
      firstOf(arm.witnesses, (name) =>
        (witnesses[name] ?? 0) > 0 ? undefined : `the witness ${name} did not move`,
      ),
  },
  {
    name: 'statuses',
    costs: 'arm',
    broken: ({ statuses }, { header }) =>
      firstOf(Object.entries(statuses), ([status, count]) =>
        count === 0 || header.statuses.includes(status)
          ? undefined
          : `${count} answers had the unexpected status ${status}`,
      ),
  },
  {
    name: 'bodies',
    costs: 'arm',
    broken: ({ wrongBodies }) =>
      wrongBodies > 0 ? `${wrongBodies} answers had an unexpected body` : undefined,
  },
  {
    name: 'errors',
    costs: 'slice',
    broken: ({ errors }) =>
      firstOf(Object.entries(errors), ([kind, count]) =>
        count > 0 ? `${count} requests failed with ${kind}` : undefined,
      ),
  },
  {
    name: 'work',
    costs: 'slice',
    broken: (slice) =>
      positive(rateOf(slice)) && positive(costOf(slice))
        ? undefined
        : 'no work was done or no CPU read',
  },
  {
    name: 'dropped iterations',
    costs: 'slice',
    broken: ({ dropped }) => (dropped > 0 ? `${dropped} iterations were dropped` : undefined),
  },
  {
    name: 'warm-up',
    costs: 'slice',
    broken: (slice, { header, warmUp }) => whyTooEarly(header, slice, warmUp),
  },
  {
    name: 'idle arms',
    costs: 'slice',
    broken: (slice, { header }) =>
      firstOf(Object.entries(slice.idleCpu ?? {}), ([arm, us]) =>
        us > idleLimit(header) * microsecondsOf(slice)
          ? `${arm}, which idled, used ${((100 * us) / microsecondsOf(slice)).toFixed(1)} % of a core`
          : undefined,
      ),
  },
  {
    name: 'generator',
    costs: 'slice',
    broken: (slice, { header }) => {
      const busy = generatorShare(slice)
      return busy >= generatorLimits[header.load.mode]
        ? `the generator was full, with ${percent(busy)} of its core`
        : undefined
    },
  },
  {
    name: 'server',
    costs: 'slice',
    broken: (slice, { header }) =>
      header.load.mode !== 'capacity' || isFull(slice)
        ? undefined
        : `neither was the server full, with ${percent(slice.serverUtilization)} of its core and few waits, nor the generator mostly idle`,
  },
  {
    name: 'foreign load',
    costs: 'slice',
    isOfOthers: true,
    broken: ({ foreignCpu }) =>
      foreignCpu >= foreignLimit
        ? `other programs took ${percent(foreignCpu)} of a core`
        : undefined,
  },
  {
    name: 'stolen time',
    costs: 'slice',
    isOfOthers: true,
    broken: ({ stolenCpu = 0 }) =>
      stolenCpu >= stolenLimit
        ? `the hypervisor gave ${percent(stolenCpu)} of a core to other machines`
        : undefined,
  },
  {
    name: "Little's law",
    costs: 'slice',
    broken: (slice, { header }) => littlesLawBroken(slice, header),
  },
  {
    name: 'quantile',
    costs: 'slice',
    broken: (slice, { header }) => {
      const share = shareOf(header.figure)
      const n = latenciesOf(slice, header)
      return share === undefined || isPrintable(share, n)
        ? undefined
        : `${n} latencies are too few for the ${header.figure}, which needs ${valuesNeeded(share)}`
    },
  },
]

/** JSON has no NaN: a missing figure is read as null, and null is below every limit. */
const lacksFigure = (value: unknown): boolean =>
  typeof value === 'object'
    ? value === null || Object.values(value).some(lacksFigure)
    : typeof value === 'number' && !Number.isFinite(value)

/**
 * Whether more clients would not increase the rate: the server is busy, backends always wait for a
 * lock or a disk, or the generator idles, so that requests wait for the server in another way.
 */
const isFull = (slice: Slice): boolean =>
  slice.serverUtilization >= serverFull ||
  waitingOf(slice) >= serverFull ||
  generatorShare(slice) < generatorFree

const generatorShare = (slice: Slice): number => slice.apartCpu.generator / microsecondsOf(slice)

const littlesLawBroken = (slice: Slice, { load }: Header): string | undefined => {
  if (load.mode === 'latency') return undefined
  const latencyMs = meanLatencyMs(slice)
  if (latencyMs === undefined) return "without latencies Little's law cannot be checked"
  const rate = (slice.requests / loadMsOf(slice)) * 1000
  const thinkMs = load.mode === 'replay' ? load.thinkMs : 0
  const deviation = littlesLawDeviation({ clients: load.clients, rate, latencyMs, thinkMs })
  return Math.abs(deviation) <= littlesTolerance
    ? undefined
    : `Little's law does not hold: ${load.clients} clients, ${percent(deviation)} off`
}

const firstOf = <Item>(
  items: readonly Item[],
  clause: (item: Item) => string | undefined,
): string | undefined => items.map(clause).find((it) => it !== undefined)

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`
