import Table from 'cli-table3'
import { hasPassed, type Played, verdictOf } from './battery.ts'
import type { Fault } from './faults.ts'
import type { Figures } from './round.ts'

/** What a person reads of it. */

export const beginningOf = ({ kind, target }: Fault, seed: number): string =>
  `${kind} ${target}, seed ${seed} …`

const brokenShown = 5

/** One line; where something broke, what it was, and how it can be seen again. */
export const resultOf = (played: Played, requests: number): string => {
  const { round } = played
  const { figures } = round
  const line = figures ? `${verdictOf(played)}: ${inWords(figures)}` : verdictOf(played)
  const why = round.void === undefined ? '' : `; void, because ${round.void}`
  return [`  ${line}${why}`, ...damageOf(played, requests)].join('\n')
}

const inWords = (figures: Figures): string =>
  [
    `${figures.sent} sent, ${figures.ok} ok, ${figures.refused} refused`,
    `${figures.unknown} unknown (then ${figures.resolvedOk} ok, ${figures.resolvedRefused} refused)`,
    `struck at ${figures.atMs} ms, back after ${figures.backAfterMs} ms`,
  ].join(', ')

const damageOf = (played: Played, requests: number): string[] => {
  const { broken } = played.round
  if (broken.length === 0) return []
  const more = broken.length - brokenShown
  return [
    ...broken.slice(0, brokenShown).map((sentence) => `  ${sentence}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  Repeat it: ${commandOf(played, requests)}`,
  ]
}

const commandOf = ({ fault: { kind, target }, seed }: Played, requests: number): string =>
  `npm run faults -- --only ${kind} --target ${target} --rounds 1 --seed ${seed} --requests ${requests}`

export const tableOf = (rows: readonly (readonly Played[])[]): string => {
  const table = new Table({
    head: ['fault', 'held', 'void', 'broken', 'unknown answers', 'struck at (ms)', 'back (ms)'],
    style: { head: [], border: [] },
  })
  table.push(...rows.map(cellsOf))
  return table.toString()
}

const cellsOf = (row: readonly Played[]): string[] => {
  const [first] = row
  const verdicts = row.map(verdictOf)
  const count = (verdict: string) => `${verdicts.filter((each) => each === verdict).length}`
  const figures = row.flatMap(({ round }) => (round.void ? [] : (round.figures ?? [])))
  const name = first ? `${first.fault.kind} ${first.fault.target}` : ''
  const list = (of: (each: Figures) => number) => figures.map(of).join(', ')
  return [
    ...[name, count('held'), count('void'), count('broken')],
    ...[list((each) => each.unknown), list((each) => each.atMs), list((each) => each.backAfterMs)],
  ]
}

export const summaryOf = (rows: readonly (readonly Played[])[]): string => {
  const verdicts = rows.flat().map(verdictOf)
  const count = (verdict: string) => verdicts.filter((each) => each === verdict).length
  if (count('broken') > 0) return `Broken in ${count('broken')} of ${verdicts.length} rounds.`
  const idle = rows.filter((row) => !hasPassed(row)).map(([played]) => played?.fault.target)
  if (idle.length > 0) return `Every round was void for: ${idle.join(', ')}. Nothing was shown.`
  return `Every invariant held in ${count('held')} rounds (${count('void')} void).`
}
