import type { Benches } from './bench.ts'
import type { Fault } from './faults.ts'
import { playRound, type Round } from './round.ts'

/** The rounds of a fault, one after another. */

export type Extent = {
  /** Rounds in which the fault has to happen. */
  rounds: number
  /** Of the first round; each after it has the next. */
  seed: number
  /** Orders that are asked for in a round. */
  requests: number
}

export type Played = { fault: Fault; seed: number; number: number; round: Round }

export type Listener = {
  begins(fault: Fault, seed: number): void
  ended(played: Played): void
}

/** A void round is repeated with the next seed, but not for ever. */
const voidsMax = 3

/** Plays a row of the table. A bench whose tables are broken is of no use for the next round. */
export const playRow = async (
  benches: Benches,
  fault: Fault,
  { rounds, seed: first, requests }: Extent,
  listener: Listener,
): Promise<Played[]> => {
  const row: Played[] = []
  for (let seed = first; wantsMore(row, rounds); seed++) {
    listener.begins(fault, seed)
    const round = await playRound(await benches.current(), { fault, seed, requests })
    const played = { fault, seed, number: row.length + 1, round }
    row.push(played)
    listener.ended(played)
    if (round.broken.length > 0) await benches.discard()
  }
  return row
}

const wantsMore = (row: readonly Played[], rounds: number): boolean => {
  const voids = row.filter((played) => verdictOf(played) === 'void').length
  return row.length - voids < rounds && voids <= voidsMax
}

export type Verdict = 'held' | 'void' | 'broken'

/** What broke in a void round is broken all the same. */
export const verdictOf = ({ round }: Pick<Played, 'round'>): Verdict => {
  if (round.broken.length > 0) return 'broken'
  return round.void === undefined ? 'held' : 'void'
}

/** Whether a row has shown that the invariants hold under its fault. */
export const hasPassed = (row: readonly Played[]): boolean => {
  const verdicts = row.map(verdictOf)
  return verdicts.includes('held') && !verdicts.includes('broken')
}
