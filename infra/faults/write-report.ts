import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { machine } from '@flash-deal/local/machine'
import { figures, type Table, tableMarkdown, text } from '@flash-deal/local/markdown-table'
import { root } from '@flash-deal/local/paths'
import { describeFault } from './faults.ts'
import { figuresOfRow } from './figures.ts'
import type { Header } from './journal.ts'
import { formatNormalAfter, formatSpread, slowRows, summaryOf } from './report.ts'
import { type RoundResult, type RowProgress, roundsLeft, verdictOf } from './suite.ts'

/** Writes the report of a run: every round as JSON, and a Markdown page. */

/** @param folder a relative path is resolved from the repository's root */
export const writeReport = (folder: string, header: Header, rows: readonly RowProgress[]): void => {
  const path = resolve(root, folder)
  mkdirSync(path, { recursive: true })
  const rounds = rows.flatMap(({ results }) => results)
  const document = { ...header, machine: machine(), node: process.version, rounds }
  writeFileSync(join(path, 'faults.json'), `${JSON.stringify(document, null, 2)}\n`)
  writeFileSync(join(path, 'faults.md'), pageOf(header, rows))
}

const pageOf = ({ wanted, commit, startedAt }: Header, rows: readonly RowProgress[]): string => {
  const left = rows.reduce((sum, row) => sum + roundsLeft(row), 0)
  return [
    '# Faults',
    '',
    ...(left === 0 ? [] : [`The run is incomplete: ${left} rounds remain.`, '']),
    `${left === 0 ? summaryOf(rows) : brokenSoFar(rows)} Commit ${commit}, started ${startedAt}, ${wanted.form} form, seed ${wanted.seed}, ${wanted.requests} orders per round. Machine: ${machine()}.`,
    '',
    tableMarkdown(tableOf(rows)),
    ...rows.flatMap(({ results }) => results).flatMap(brokenLines),
    ...slowRows(rows).flatMap((sentence) => ['', sentence]),
    '',
    'An operation with an unknown outcome was retried with the same key until the outcome was definite. Times are in milliseconds from recovery, as median (worst). Ready: all services pass their readiness check. Normal: of the steady requests sent within half a second, 90 % were served. Expected: at most 2,000 and 10,000.',
    '',
  ].join('\n')
}

const brokenSoFar = (rows: readonly RowProgress[]): string => {
  const rounds = rows.flatMap(({ results }) => results)
  const broken = rounds.filter((each) => verdictOf(each) === 'broken').length
  return `Broken in ${broken} of ${rounds.length} rounds so far.`
}

const brokenShown = 3

/** The first violations of a round; the JSON file has all of them. */
const brokenLines = ({ variant, fault, seed, round }: RoundResult): string[] => {
  const shown = round.broken.slice(0, brokenShown).map((sentence) => `- ${sentence}`)
  if (shown.length === 0) return []
  return ['', `Broken: ${fault} with ${variant}, seed ${seed}`, '', ...shown]
}

const tableOf = (rows: readonly RowProgress[]): Table => ({
  caption: 'Rounds of each fault',
  columns: [
    ...['M1', 'fault'].map(text),
    ...['held', 'inconclusive', 'broken', 'unknown outcomes', 'ready after', 'normal after'].map(
      figures,
    ),
  ],
  rows: rows.flatMap(cellsOf),
})

const cellsOf = ({ row, results }: RowProgress): string[][] =>
  figuresOfRow(results).map((each) => {
    const counts = [each.held, each.inconclusive, each.broken, each.unknown].map(String)
    const times = [formatSpread(each.servesAfterMs), formatNormalAfter(each)]
    return [row.variant, describeFault(row.fault, row.form), ...counts, ...times]
  })
