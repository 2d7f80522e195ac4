import { sentenceOf } from '@flash-deal/local/plain-error'
import type { SuiteOptions } from './arguments.ts'
import { type Fault, faultsOf, idOf, isKill } from './faults.ts'
import { type Round, runRound } from './round.ts'
import type { Systems } from './system-under-test.ts'

/** Runs the rounds of each fault, one variant of M1 after another. */

export type RoundResult = {
  variant: string
  fault: string
  seed: number
  tookMs: number
  round: Omit<Round, 'history'>
}

export type Listener = {
  roundStarted(row: Row, seed: number): void
  roundEnded(row: Row, result: RoundResult, history: Round['history']): void
}

/** A fault with a variant of M1: one row of the table of results. */
export type Row = Pick<SuiteOptions, 'form' | 'seed' | 'requests' | 'scenarios'> & {
  variant: string
  fault: Fault
  /** Rounds in which the fault must be injected. */
  rounds: number
}

export const rowsOf = (wanted: SuiteOptions): Row[] =>
  wanted.variants.flatMap((variant) =>
    faultsOf(variant, wanted.scenarios)
      .filter((fault) => wanted.faults.includes(idOf(fault)))
      .map((fault) => ({ ...wanted, variant, fault, rounds: roundsOf(wanted, variant, fault) })),
  )

const roundsOf = (wanted: SuiteOptions, variant: string, fault: Fault): number => {
  const requested = (isKill(fault) ? wanted.killRounds : undefined) ?? wanted.rounds
  if (requested !== undefined) return requested
  if (wanted.form === 'short' || !isKill(fault)) return 3
  return variant === 'optimized' ? 50 : 10
}

/** A row and the results of its finished rounds. */
export type RowProgress = { row: Row; results: RoundResult[] }

/**
 * Runs the remaining rounds of a row. A system with a violated invariant is discarded.
 * @throws AbortError if the run is aborted
 */
export const runRow = async (
  systems: Systems,
  { row, results }: RowProgress,
  listener: Listener,
): Promise<void> => {
  while (roundsLeft({ row, results }) > 0) {
    const seed = row.seed + results.length
    listener.roundStarted(row, seed)
    const begin = performance.now()
    const { history, ...round } = await runOnSystem(systems, row, seed)
    const tookMs = Math.round(performance.now() - begin)
    const last = { variant: row.variant, fault: idOf(row.fault), seed, tookMs, round }
    results.push(last)
    listener.roundEnded(row, last, history)
    if (round.broken.length > 0) await systems.discard()
  }
}

/** A system that does not start is recorded as a broken round. */
const runOnSystem = async (systems: Systems, row: Row, seed: number): Promise<Round> => {
  try {
    return await runRound(await systems.current(row.variant), { ...row, seed })
  } catch (error) {
    systems.abort.throwIfAborted()
    return { broken: [sentenceOf(error)], history: [] }
  }
}

/** After this many consecutive rounds without a `held`, the row ends. */
const maxFruitlessRounds = 4

/** An inconclusive round is repeated with the next seed, up to the limit above. */
export const roundsLeft = ({ row, results }: RowProgress): number => {
  const verdicts = results.map(verdictOf)
  const isExhausted =
    verdicts.length >= maxFruitlessRounds && !verdicts.slice(-maxFruitlessRounds).includes('held')
  return isExhausted
    ? 0
    : row.rounds - verdicts.filter((verdict) => verdict !== 'inconclusive').length
}

export type Verdict = 'held' | 'inconclusive' | 'broken'

/** A violation counts in an inconclusive round, too. */
export const verdictOf = ({ round }: Pick<RoundResult, 'round'>): Verdict => {
  if (round.broken.length > 0) return 'broken'
  return round.inconclusive === undefined ? 'held' : 'inconclusive'
}

/** Whether the invariants held in the required number of rounds and broke in none. */
export const hasPassed = ({ row, results }: RowProgress): boolean => {
  const verdicts = results.map(verdictOf)
  return heldIn(verdicts) >= row.rounds && !verdicts.includes('broken')
}

const heldIn = (verdicts: readonly Verdict[]): number =>
  verdicts.filter((verdict) => verdict === 'held').length
