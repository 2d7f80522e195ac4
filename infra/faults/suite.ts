import { sentenceOf } from '@flash-deal/local/plain-error'
import type { Wanted } from './arguments.ts'
import { type Fault, faultsOf, idOf, isKill } from './faults.ts'
import { playRound, type Round } from './round.ts'
import type { Systems } from './system-under-test.ts'

/** The rounds of each fault, with one variant of M1 after the other. */

export type Played = {
  variant: string
  fault: string
  seed: number
  tookMs: number
  round: Omit<Round, 'history'>
}

export type Listener = {
  begins(row: Row, seed: number): void
  ended(row: Row, played: Played, history: Round['history']): void
}

/** A fault with a variant of M1: a row of the table of results. */
export type Row = Pick<Wanted, 'form' | 'seed' | 'requests'> & {
  variant: string
  fault: Fault
  /** Rounds in which it has to happen. */
  rounds: number
}

export const rowsOf = (wanted: Wanted): Row[] =>
  wanted.variants.flatMap((variant) =>
    faultsOf(variant)
      .filter((fault) => wanted.faults.includes(idOf(fault)))
      .map((fault) => ({ ...wanted, variant, fault, rounds: roundsOf(wanted, variant, fault) })),
  )

const roundsOf = (wanted: Wanted, variant: string, fault: Fault): number => {
  const asked = (isKill(fault) ? wanted.killRounds : undefined) ?? wanted.rounds
  if (asked !== undefined) return asked
  if (wanted.form === 'short' || !isKill(fault)) return 3
  return variant === 'optimized' ? 50 : 10
}

/** A row with the rounds of it that were played. */
export type RowSoFar = { row: Row; played: Played[] }

/**
 * Plays what a row still wants. A system whose tables are broken is of no use for the next round.
 * @throws AbortError where everything is to end
 */
export const playRow = async (
  systems: Systems,
  { row, played }: RowSoFar,
  listener: Listener,
): Promise<void> => {
  while (roundsLeft({ row, played }) > 0) {
    const seed = row.seed + played.length
    listener.begins(row, seed)
    const begin = performance.now()
    const { history, ...round } = await playOnBench(systems, row, seed)
    const tookMs = Math.round(performance.now() - begin)
    const last = { variant: row.variant, fault: idOf(row.fault), seed, tookMs, round }
    played.push(last)
    listener.ended(row, last, history)
    if (round.broken.length > 0) await systems.discard()
  }
}

/** A system that does not start is written down like all else that goes wrong. */
const playOnBench = async (systems: Systems, row: Row, seed: number): Promise<Round> => {
  try {
    return await playRound(await systems.current(row.variant), { ...row, seed })
  } catch (error) {
    systems.abort.throwIfAborted()
    return { broken: [sentenceOf(error)], history: [] }
  }
}

/** So many in a row of which none held, and there is nothing to be had from more. */
const inVainMax = 4

/** A void round is repeated with the next seed, but not for ever. */
export const roundsLeft = ({ row, played }: RowSoFar): number => {
  const verdicts = played.map(verdictOf)
  const isInVain = verdicts.length >= inVainMax && !verdicts.slice(-inVainMax).includes('held')
  return isInVain ? 0 : row.rounds - verdicts.filter((verdict) => verdict !== 'inconclusive').length
}

export type Verdict = 'held' | 'inconclusive' | 'broken'

/** What broke in a void round is broken all the same. */
export const verdictOf = ({ round }: Pick<Played, 'round'>): Verdict => {
  if (round.broken.length > 0) return 'broken'
  return round.inconclusive === undefined ? 'held' : 'inconclusive'
}

/** Whether a row has shown, as often as was asked, that the invariants hold under its fault. */
export const hasPassed = ({ row, played }: RowSoFar): boolean => {
  const verdicts = played.map(verdictOf)
  return heldIn(verdicts) >= row.rounds && !verdicts.includes('broken')
}

const heldIn = (verdicts: readonly Verdict[]): number =>
  verdicts.filter((verdict) => verdict === 'held').length
