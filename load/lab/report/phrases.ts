import { scenarioIds, scenarioOf } from '@flash-deal/config'
import type { Header } from '../record.ts'
import type { Comparison } from '../summary.ts'
import type { VerdictKind } from '../verdict/verdict.ts'

/** A run in sentences. */

/** `E2, capacity: optimized is faster ×1.42 [1.36..1.49].` */
export const verdictSentence = (
  { id, load }: Pick<Header, 'id' | 'load'>,
  { arm, verdict }: Comparison,
): string => `${id}, ${load.mode}: ${phrases[verdict.kind](arm)} ${verdict.sentence}.`

const phrases: Readonly<Record<VerdictKind, (arm: string) => string>> = {
  INVALID: (arm) => `the comparison of ${arm} is`,
  inconclusive: (arm) => `the comparison of ${arm} is`,
  faster: (arm) => `${arm} is`,
  slower: (arm) => `${arm} is`,
  unexplained: (arm) => `the difference of ${arm} is`,
  drifting: (arm) => `the ratio of ${arm} is`,
  equivalent: (arm) => `${arm} is`,
  'no significant difference': (arm) => `${arm} shows`,
}

/** Describes the load. */
export const loadSentence = ({ load }: Pick<Header, 'load'>): string => {
  if (load.mode === 'latency') {
    const { rate, share, spikeFactor } = load
    const spike = spikeFactor === 1 ? '' : `, ${spikeFactor} times as much in the middle third`
    return `Open loop at ${rate} requests a second, ${share} % of the baseline's capacity${spike}.`
  }
  return load.mode === 'capacity'
    ? `Closed loop, saturating: ${load.clients} clients without think time.`
    : `Closed loop of the profile ${load.profile}: ${load.clients} clients, ${load.thinkMs} ms think time.`
}

/** The judged figure as the head of a column or an axis. */
export const figureWords = ({ figure, outcome }: Pick<Header, 'figure' | 'outcome'>): string =>
  figure === 'rate' ? 'units of work a second' : `${figure} latency of ${outcome}, ms`

/** `E2: The product list from a cache`. */
export const titleOf = ({ id }: Pick<Header, 'id'>): string => {
  const known = scenarioIds.find((each) => each === id)
  return known === undefined ? id : `${id}: ${scenarioOf(known).title}`
}
