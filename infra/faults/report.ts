import Table from 'cli-table3'
import { describeFault, idOf } from './faults.ts'
import { figuresOfRow, type RowFigures, type Spread } from './figures.ts'
import type { Figures } from './round.ts'
import { hasPassed, type RoundResult, type Row, type RowProgress, verdictOf } from './suite.ts'

/** Console output of a run. */

export const startLine = ({ variant, fault, form }: Row, seed: number): string =>
  `${variant}: ${describeFault(fault, form)}, seed ${seed} …`

/** What is needed to repeat a round. */
type Repeated = Pick<Row, 'form' | 'requests' | 'scenarios'>

const brokenShown = 5

/** One line; for a broken round also the violations and the command that repeats the round. */
export const resultLines = (result: RoundResult, run: Repeated): string => {
  const { round } = result
  const { figures } = round
  const took = `${verdictOf(result)} in ${(result.tookMs / 1_000).toFixed(1)} s`
  const line = figures ? `${took}: ${formatFigures(figures)}` : took
  const why = round.inconclusive === undefined ? '' : `; inconclusive: ${round.inconclusive}`
  return [`  ${line}${why}`, ...brokenLines(result, run)].join('\n')
}

const formatFigures = ({ times, ...figures }: Figures): string =>
  [
    `${figures.sent} sent, ${figures.ok} ok, ${figures.refused} refused`,
    `${figures.unknown} unknown (then ${figures.resolvedOk} ok, ${figures.resolvedRefused} refused)`,
    ...(times.servesAfterMs === undefined ? [] : [`ready after ${times.servesAfterMs} ms`]),
    ...(times.goodAfterMs === undefined ? [] : [`back to normal after ${times.goodAfterMs} ms`]),
  ].join(', ')

const brokenLines = (result: RoundResult, run: Repeated): string[] => {
  const { broken } = result.round
  if (broken.length === 0) return []
  const more = broken.length - brokenShown
  return [
    ...broken.slice(0, brokenShown).map((sentence) => `  ${sentence}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  Repeat: ${commandOf(result, run)}`,
  ]
}

const commandOf = (
  { variant, fault, seed }: RoundResult,
  { form, requests, scenarios }: Repeated,
): string =>
  [
    `npm run faults -- --only ${fault} --variant ${variant} --rounds 1 --seed ${seed}`,
    `--requests ${requests}${form === 'long' ? ' --long' : ''}`,
    ...(scenarios === '' ? [] : [`--with ${scenarios}`]),
  ].join(' ')

export const tableOf = (rows: readonly RowProgress[]): string => {
  const table = new Table({
    head: [
      'M1',
      'fault',
      'held',
      'inconclusive',
      'broken',
      'unknown',
      'ready after',
      'normal after',
    ],
    style: { head: [], border: [] },
  })
  table.push(...rows.flatMap(({ results }) => figuresOfRow(results)).map(cellsOf))
  return [
    table.toString(),
    'Times after recovery in ms: median (worst). Expected: at most 2,000 and 10,000.',
    ...slowRows(rows),
  ].join('\n')
}

const expectedMs = { serves: 2_000, good: 10_000 }

/** Reported only; a slow machine does not fail the run. */
export const slowRows = (rows: readonly RowProgress[]): string[] => {
  const slow = rows
    .flatMap(({ results }) => figuresOfRow(results))
    .filter(
      ({ servesAfterMs, goodAfterMs, neverGood }) =>
        (servesAfterMs?.worst ?? 0) > expectedMs.serves ||
        (goodAfterMs?.worst ?? 0) > expectedMs.good ||
        neverGood > 0,
    )
    .map(({ variant, fault }) => `${fault} with ${variant}`)
  return slow.length === 0 ? [] : [`Slower than expected: ${slow.join(', ')}.`]
}

const cellsOf = (row: RowFigures): string[] => [
  ...[
    row.variant,
    row.fault,
    `${row.held}`,
    `${row.inconclusive}`,
    `${row.broken}`,
    `${row.unknown}`,
  ],
  ...[formatSpread(row.servesAfterMs), formatNormalAfter(row)],
]

export const formatSpread = (spread: Spread | undefined): string =>
  spread ? `${spread.median} (${spread.worst})` : ''

export const formatNormalAfter = ({ goodAfterMs, neverGood }: RowFigures): string => {
  const never = neverGood > 0 ? [`over 15,000 in ${neverGood}`] : []
  return [...(goodAfterMs ? [formatSpread(goodAfterMs)] : []), ...never].join(', ')
}

export const summaryOf = (rows: readonly RowProgress[]): string => {
  const verdicts = rows.flatMap(({ results }) => results).map(verdictOf)
  const count = (verdict: string) => verdicts.filter((each) => each === verdict).length
  if (count('broken') > 0) return `Broken in ${count('broken')} of ${verdicts.length} rounds.`
  const lacking = rows.filter((row) => !hasPassed(row)).map(shortfall)
  if (lacking.length > 0) return `Too few rounds held: ${lacking.join(', ')}.`
  const held = count('held') === 1 ? '1 round' : `${count('held')} rounds`
  return `Every invariant held in ${held} (inconclusive: ${count('inconclusive')}).`
}

const shortfall = ({ row, results }: RowProgress): string => {
  const held = results.filter((each) => verdictOf(each) === 'held').length
  return `${idOf(row.fault)} with ${row.variant} in ${held} of ${row.rounds}`
}
