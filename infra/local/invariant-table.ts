import type { Finding } from '@flash-deal/testing/invariants'
import Table from 'cli-table3'

/** Formats the invariants as a table with their figures, followed by the violations. */

const offendersShown = 3

export const invariantTable = (findings: readonly Finding[]): string => {
  const table = new Table({
    head: ['', 'invariant', 'figures', ''],
    style: { head: [], border: [] },
    colWidths: [5, 42, 42, 8],
    wordWrap: true,
  })
  table.push(...findings.map((each) => [each.id, each.title, figuresOf(each), verdict(each)]))
  return table.toString()
}

const figuresOf = ({ figures }: Finding): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toLocaleString('en-US')}`)
    .join(', ')

const verdict = ({ holds }: Finding): string => (holds ? 'ok' : 'BROKEN')

export const offenderLines = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ holds }) => !holds)
    .flatMap(({ id, offenders }) => {
      const more = offenders.length - offendersShown
      const shown = offenders.slice(0, offendersShown).map((offender) => `${id} ${offender}`)
      return more > 0 ? [...shown, `${id} and ${more} more`] : shown
    })

/** Warnings: conditions that do not break an invariant yet. */
export const warningLines = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ id, holds, figures: { late = 0 } }) =>
    holds && late > 0
      ? [`Warning (${id}): ${late} held reservations have waited longer than a sweep takes.`]
      : [],
  )

export const summaryOf = (findings: readonly Finding[]): string => {
  const broken = findings.filter(({ holds }) => !holds).map(({ id }) => id)
  if (broken.length === 0) return 'Every invariant holds.'
  return broken.length === 1
    ? `The invariant ${broken[0]} is broken.`
    : `The invariants ${broken.join(', ')} are broken.`
}
