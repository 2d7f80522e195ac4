import Table from 'cli-table3'
import { idOf, inWords } from './faults.ts'
import { figuresOfRow, type RowFigures, type Spread } from './figures.ts'
import type { Figures } from './round.ts'
import { hasPassed, type Played, type Row, type RowSoFar, verdictOf } from './suite.ts'

/** What a person reads of it. */

export const beginningOf = ({ variant, fault, form }: Row, seed: number): string =>
  `${variant}: ${inWords(fault, form)}, seed ${seed} …`

const brokenShown = 5

/** One line; where something broke, what it was, and how it can be seen again. */
export const resultOf = (played: Played, run: Pick<Row, 'form' | 'requests'>): string => {
  const { round } = played
  const { figures } = round
  const took = `${verdictOf(played)} in ${(played.tookMs / 1_000).toFixed(1)} s`
  const line = figures ? `${took}: ${figuresInWords(figures)}` : took
  const why =
    round.inconclusive === undefined ? '' : `; inconclusive, because ${round.inconclusive}`
  return [`  ${line}${why}`, ...damageOf(played, run)].join('\n')
}

const figuresInWords = ({ times, ...figures }: Figures): string =>
  [
    `${figures.sent} sent, ${figures.ok} ok, ${figures.refused} refused`,
    `${figures.unknown} unknown (then ${figures.resolvedOk} ok, ${figures.resolvedRefused} refused)`,
    ...(times.servesAfterMs === undefined ? [] : [`serves again after ${times.servesAfterMs} ms`]),
    ...(times.goodAfterMs === undefined ? [] : [`back to normal after ${times.goodAfterMs} ms`]),
  ].join(', ')

const damageOf = (played: Played, run: Pick<Row, 'form' | 'requests'>): string[] => {
  const { broken } = played.round
  if (broken.length === 0) return []
  const more = broken.length - brokenShown
  return [
    ...broken.slice(0, brokenShown).map((sentence) => `  ${sentence}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  Repeat it: ${commandOf(played, run)}`,
  ]
}

const commandOf = (
  { variant, fault, seed }: Played,
  { form, requests }: Pick<Row, 'form' | 'requests'>,
): string =>
  [
    `npm run faults -- --only ${fault} --variant ${variant} --rounds 1 --seed ${seed}`,
    `--requests ${requests}${form === 'long' ? ' --long' : ''}`,
  ].join(' ')

export const tableOf = (rows: readonly RowSoFar[]): string => {
  const table = new Table({
    head: ['M1', 'fault', 'held', 'inconclusive', 'broken', 'unknown', 'serves again', 'as before'],
    style: { head: [], border: [] },
  })
  table.push(...rows.flatMap(({ played }) => figuresOfRow(played)).map(cellsOf))
  return [
    table.toString(),
    'After it was put right, in ms: median (worst). Expected are at most 2,000 and 10,000.',
    ...slowRows(rows),
  ].join('\n')
}

const expectedMs = { serves: 2_000, good: 10_000 }

/** It is told, and breaks nothing: how fast a machine is, is no promise. */
export const slowRows = (rows: readonly RowSoFar[]): string[] => {
  const slow = rows
    .flatMap(({ played }) => figuresOfRow(played))
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
  ...[spreadInWords(row.servesAfterMs), goodInWords(row)],
]

export const spreadInWords = (spread: Spread | undefined): string =>
  spread ? `${spread.median} (${spread.worst})` : ''

export const goodInWords = ({ goodAfterMs, neverGood }: RowFigures): string => {
  const never = neverGood > 0 ? [`over 15,000 in ${neverGood}`] : []
  return [...(goodAfterMs ? [spreadInWords(goodAfterMs)] : []), ...never].join(', ')
}

export const summaryOf = (rows: readonly RowSoFar[]): string => {
  const verdicts = rows.flatMap(({ played }) => played).map(verdictOf)
  const count = (verdict: string) => verdicts.filter((each) => each === verdict).length
  if (count('broken') > 0) return `Broken in ${count('broken')} of ${verdicts.length} rounds.`
  const lacking = rows.filter((row) => !hasPassed(row)).map(lackOf)
  if (lacking.length > 0) return `Too few rounds held: ${lacking.join(', ')}.`
  const held = count('held') === 1 ? '1 round' : `${count('held')} rounds`
  return `Every invariant held in ${held} (in ${count('inconclusive')} more the fault was not injected).`
}

const lackOf = ({ row, played }: RowSoFar): string => {
  const held = played.filter((each) => verdictOf(each) === 'held').length
  return `${idOf(row.fault)} with ${row.variant} in ${held} of ${row.rounds}`
}
