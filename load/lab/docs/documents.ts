import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScenarioId } from '@flash-deal/config'
import { newestFairness } from '../fairness/record.ts'
import { linesSince } from '../files/stale.ts'
import { costText } from './cost.ts'
import { fairnessText } from './fairness.ts'
import { highlightsText } from './highlights.ts'
import { filled, idsIn } from './markers.ts'
import { measuredText, withoutSince } from './measured.ts'
import { scenariosPage } from './page.ts'
import { readResults } from './results.ts'

/** The documents with results. */

const page = 'docs/scenarios.md'
const stories = 'docs/scenarios/*.md'
const otherPages = [
  'README.md',
  'docs/performance.md',
  '{apps,packages}/*/src/scenarios/*/README.md',
  'db/scenarios/*/README.md',
  'apps/*-go/README.md',
]

type Documents = ReadonlyMap<string, string>

/** The names of all documents, relative to the root. */
export const documentNames = (root: string): string[] => [
  page,
  ...namesIn(root, stories),
  ...namesIn(root, otherPages),
]

/**
 * The generated texts of all documents, by name relative to the root.
 *
 * @throws PlainError for an invalid marker or result
 */
export const documentsOf = (root: string): Documents => {
  const results = readResults(root)
  const resultsOf = (id: ScenarioId) => results.filter((result) => result.id === id)
  const lines = linesSince(root)
  const fair = newestFairness(root)
  const storyTexts = textsOf(root, stories)
  const storyOf = (id: ScenarioId) =>
    [...storyTexts].find(([file, text]) => idsIn(text, file).includes(id))?.[0]
  const holds = (name: string) => existsSync(join(root, name))
  const withResults = ([file, text]: [string, string]): [string, string] => [
    file,
    filled(text, file, (shown) => {
      if (shown === 'fairness') return fairnessText(fair, file)
      if (shown === 'highlights') return highlightsText(results, file, lines)
      if (shown === 'cost-layers') return costText(root, 'layers', file)
      if (shown === 'cost-gateway') return costText(root, 'gateway', file)
      if (shown === 'cost-purchase') return costText(root, 'purchase', file)
      return measuredText(resultsOf(shown), file, lines)
    }),
  ]
  return new Map([
    [page, scenariosPage(resultsOf, { from: page, storyOf, holds, lines })],
    ...[...storyTexts, ...textsOf(root, otherPages)].map(withResults),
  ])
}

/** The documents that are out of date. Numbers of changed lines are not compared. */
export const staleIn = (root: string): Documents =>
  new Map(
    [...documentsOf(root)].filter(([name, text]) => {
      const file = join(root, name)
      return !existsSync(file) || withoutSince(readFileSync(file, 'utf8')) !== withoutSince(text)
    }),
  )

const textsOf = (root: string, patterns: string | string[]): Documents =>
  new Map(namesIn(root, patterns).map((name) => [name, readFileSync(join(root, name), 'utf8')]))

const namesIn = (root: string, patterns: string | string[]): string[] =>
  globSync(patterns, { cwd: root }).sort()
