import { type ScenarioId, scenarioIds, scenarioOf } from '@flash-deal/config'
import { markdownText } from '../report/table.ts'
import type { Comparison } from '../summary.ts'
import { isDecided, measurementsOf } from './measured.ts'
import type { Result } from './results.ts'
import { headingOf, type Surroundings, sectionOf } from './section.ts'

/** The scenario table for people, with what was measured: in a clause each, then at length. */

type ResultsOf = (id: ScenarioId) => readonly Result[]

/** @param resultsOf those of a scenario, the newest first */
export const scenariosPage = (resultsOf: ResultsOf, around: Surroundings): string => {
  const table = [
    '| id | what | verdict |',
    '| :-- | :-- | :-- |',
    ...scenarioIds.map((id) => rowOf(id, resultsOf(id))),
  ]
  const parts = [
    ...introduction,
    table.join('\n'),
    `${beyondPlan()} The others are those of the plan that this project follows.`,
    `\`SCENARIOS=all\` is \`optimized\` of every implemented scenario but ${exceptions()}.`,
    ...howToRead,
    ...scenarioIds.map((id) => sectionOf(id, resultsOf(id), around)),
  ]
  return `${parts.join('\n\n')}\n`
}

const introduction = [
  '<!-- Written from packages/config/src/scenarios.ts and load/results. DO NOT EDIT; run npm run docs. -->\n# Scenarios',
  'Each is one optimisation behind one flag; the HTTP API stays the same in every combination. Switch one with `SCENARIO_<ID>=<variant>`, many with `SCENARIOS=e2,m1:redlock` or `SCENARIOS=all`. What is planned cannot be switched on.',
]

const howToRead = [
  "A verdict is the laboratory's. Its ratio is the variant's speed over the baseline's, with the 95 % interval. It says `faster` or `slower` only where the interval, a second baseline that is the same as the first, and the cost behind the difference agree; several variants of one run are corrected for being several. The ceiling is the cheapest program that could give the same responses. A unit of work is an expected response, or an order that is stored. `INVALID` says that a precondition did not hold, `inconclusive` that two equal baselines differed or the machine was too noisy; then no figure is shown.",
  'A closed loop goes to the service itself, without the gateway: its ratio says what the scenario does to that service, not what a client of the gateway feels ([decision 6](adr/0006-own-generator.md)). Whole orders (`m1-orders`, `m8`), E6, which is about what the gateway sends, and the loads by k6 go through it.',
  '`npm run lab -- e2` measures E2, `npm run lab -- verify load/results/2026-11-23-e2` judges the raw slices of that result again, and `npm run docs` writes this page from what stands in `load/results`. No figure here was typed by hand.',
]

const rowOf = (id: ScenarioId, results: readonly Result[]): string =>
  `| [${id}](#${anchorOf(headingOf(id))}) | ${scenarioOf(id).title} | ${clauseOf(id, results)} |`

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')

/** Of the newest result of the first measurement; the others stand in the section. */
const clauseOf = (id: ScenarioId, results: readonly Result[]): string => {
  const [[newest] = []] = measurementsOf(results)
  if (newest) return newest.summary.comparisons.map(inAClause).join('<br>')
  return scenarioOf(id).status === 'planned' ? 'planned' : 'not measured yet'
}

const inAClause = ({ arm, verdict }: Comparison): string =>
  `\`${arm}\` ${markdownText(isDecided(verdict) ? verdict.sentence : verdict.kind)}`

const beyondPlan = (): string => {
  const own = scenarioIds.filter((id) => scenarioOf(id).inPlan === false)
  return `${own.join(', ')} are additions of this project.`
}

const exceptions = (): string =>
  scenarioIds
    .filter((id) => scenarioOf(id).notInAll !== undefined)
    .map((id) => `${id} (${scenarioOf(id).notInAll})`)
    .join(', ')
