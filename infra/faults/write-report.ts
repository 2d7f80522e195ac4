import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { machine } from '@flash-deal/local/machine'
import { root } from '@flash-deal/local/paths'
import { inWords } from './faults.ts'
import { figuresOfRow } from './figures.ts'
import type { Header } from './journal.ts'
import { goodInWords, slowRows, spreadInWords, summaryOf } from './report.ts'
import { type Played, type RowSoFar, roundsLeft, verdictOf } from './suite.ts'

/** What is kept of a run: every round as JSON, and a page for people. */

/** @param folder a relative one counts from the repository's root */
export const writeReport = (folder: string, header: Header, rows: readonly RowSoFar[]): void => {
  const path = resolve(root, folder)
  mkdirSync(path, { recursive: true })
  const rounds = rows.flatMap(({ played }) => played)
  const document = { ...header, machine: machine(), node: process.version, rounds }
  writeFileSync(join(path, 'faults.json'), `${JSON.stringify(document, null, 2)}\n`)
  writeFileSync(join(path, 'faults.md'), pageOf(header, rows))
}

const head = [
  '| M1 | fault | held | inconclusive | broken | unknown answers | serves again | as good as before |',
  '| --- | --- | --: | --: | --: | --: | --: | --: |',
]

const pageOf = ({ wanted, commit, startedAt }: Header, rows: readonly RowSoFar[]): string => {
  const left = rows.reduce((sum, row) => sum + roundsLeft(row), 0)
  return [
    '# Faults',
    '',
    ...(left === 0 ? [] : [`The run is not at its end: ${left} rounds are to come.`, '']),
    `${left === 0 ? summaryOf(rows) : brokenSoFar(rows)} Commit ${commit}, begun ${startedAt}, ${wanted.form} form, seed ${wanted.seed}, ${wanted.requests} orders a round. Machine: ${machine()}.`,
    '',
    ...head,
    ...rows.flatMap(linesOf),
    ...rows.flatMap(({ played }) => played).flatMap(damageOf),
    ...slowRows(rows).flatMap((sentence) => ['', sentence]),
    '',
    'Unknown answers left open what had become of an order or a cancel; each was found out by asking again under the same key. The times count from the moment on which the fault was put right, in milliseconds, as median (worst): until all services say that they are ready, and until, of the buyers who came at a steady pace within some half a second after it, nine in ten had their order. At most 2,000 and 10,000 are expected.',
    '',
  ].join('\n')
}

const brokenSoFar = (rows: readonly RowSoFar[]): string => {
  const rounds = rows.flatMap(({ played }) => played)
  const broken = rounds.filter((each) => verdictOf(each) === 'broken').length
  return `Broken in ${broken} of ${rounds.length} rounds so far.`
}

const brokenShown = 3

/** What broke in a round; the rest of it stands in the JSON. */
const damageOf = ({ variant, fault, seed, round }: Played): string[] => {
  const shown = round.broken.slice(0, brokenShown).map((sentence) => `- ${sentence}`)
  if (shown.length === 0) return []
  return ['', `Broken: ${fault} with ${variant}, seed ${seed}`, '', ...shown]
}

const linesOf = ({ row, played }: RowSoFar): string[] =>
  figuresOfRow(played).map((figures) => {
    const counts = [figures.held, figures.inconclusive, figures.broken, figures.unknown]
    const times = [spreadInWords(figures.servesAfterMs), goodInWords(figures)]
    return `| ${[row.variant, inWords(row.fault, row.form), ...counts, ...times].join(' | ')} |`
  })
