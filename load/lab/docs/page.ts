import { type ScenarioId, scenarioIds, scenarioOf } from '@flash-deal/config'
import { markdownText } from '@flash-deal/local/markdown-table'
import { subjects } from '../subjects/index.ts'
import type { Comparison } from '../summary.ts'
import { adviceClause } from './advice.ts'
import { isDecided, measurementsOf } from './measured.ts'
import type { Result } from './results.ts'
import { headingOf, type Surroundings, sectionOf } from './section.ts'

/** docs/scenarios.md: a table of all scenarios with their verdicts, then a section for each. */

type ResultsOf = (id: ScenarioId) => readonly Result[]

/** @param resultsOf returns the results of a scenario, newest first */
export const scenariosPage = (resultsOf: ResultsOf, around: Surroundings): string => {
  const table = [
    '| id | what | advice | verdict |',
    '| :-- | :-- | :-- | :-- |',
    ...scenarioIds.map((id) => rowOf(id, resultsOf(id))),
  ]
  const parts = [
    ...introduction,
    howToRead,
    table.join('\n'),
    beyondPlan(),
    `\`SCENARIOS=all\` is \`optimized\` of every implemented scenario except ${exceptions()}. It shows all of them together and is not a recommendation: where the column "advice" names another variant, take that one.`,
    ...howMeasured,
    ...scenarioIds.map((id) => sectionOf(id, resultsOf(id), around)),
  ]
  return `${parts.join('\n\n')}\n`
}

const introduction = [
  '<!-- Written from packages/config/src/scenarios.ts and load/results. DO NOT EDIT; run npm run docs. -->\n# Scenarios',
  'A scenario is one optimization behind one flag; the HTTP contract is the same in every combination. (With H2, `createOrder` responds 202 instead of 201: the order is stored and not yet confirmed.) Switch one on with `SCENARIO_<ID>=<variant>`, several with `SCENARIOS=e2,m1:redlock` or `SCENARIOS=all`. A planned scenario cannot be switched on.',
]

const throughGateway = (): string =>
  subjects
    .filter(({ services }) => services[0] === 'gateway')
    .map(({ name }) => `\`${name}\``)
    .join(', ')

const howToRead =
  "The lab computes the verdicts. The ratio is the variant's speed over the baseline's, with the 95 % confidence interval. A verdict is `faster` or `slower` only if the interval and a second identical baseline agree, and CPU cost or waiting explains the difference; several variants of one run are corrected for multiple comparisons. `no significant difference` names the smallest difference that the run could have detected, `drifting` means that the ratio changed during the run, `INVALID` that a precondition did not hold, and `inconclusive` that two identical baselines differed or the machine was too noisy; then no ratio is shown. [Evidence](evidence.md#verdicts) has all rules."

const howMeasured = [
  'The ceiling is the cheapest program that could give the same responses. A unit of work is an expected response, or a stored order.',
  `A closed loop loads the service itself, without the gateway: its ratio shows the effect of the scenario on that service, not on a client of the gateway ([decision 6](adr/0006-own-generator.md)). The loads by k6 go through the gateway, and so do these measurements: ${throughGateway()}.`,
  '`npm run lab -- e2` measures E2, `npm run lab -- verify load/results/2026-11-23-e2` computes the verdict of that result again from its raw slices, and `npm run docs` writes this page from `load/results`.',
]

/** Empty for a scenario that was never measured. */
const adviceFor = (id: ScenarioId, results: readonly Result[]): string =>
  results.length === 0 ? '–' : adviceClause(id)

const rowOf = (id: ScenarioId, results: readonly Result[]): string =>
  `| [${id}](#${anchorOf(headingOf(id))}) | ${scenarioOf(id).title} | ${adviceFor(id, results)} | ${clauseOf(id, results)} |`

/** The anchor that GitHub generates for a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')

/** The verdicts of the newest result of the first measurement; the section has the others. */
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
