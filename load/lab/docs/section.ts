import { type AppName, type ScenarioId, scenarioOf, variantsOf } from '@flash-deal/config'
import type { LinesSince } from '../files/stale.ts'
import { adviceText } from './advice.ts'
import { linkTo } from './link.ts'
import { measuredText } from './measured.ts'
import type { Result } from './results.ts'

/** The section of one scenario in docs/scenarios.md. */

export type Surroundings = {
  /** The file with the text, relative to the repository's root like all names here. */
  from: string
  /** The story of the scenario, if there is one. */
  storyOf: (id: ScenarioId) => string | undefined
  /** Whether a file or folder exists. */
  holds: (name: string) => boolean
  lines: LinesSince
}

export const headingOf = (id: ScenarioId): string => `${id}: ${scenarioOf(id).title}`

/** @param results of this scenario, newest first */
export const sectionOf = (
  id: ScenarioId,
  results: readonly Result[],
  around: Surroundings,
): string =>
  [
    `## ${headingOf(id)}`,
    ...(results.length === 0 ? [] : adviceText(id)),
    `${factsOf(id, around).join(' · ')}`,
    variantTable(id),
    ...(scenarioOf(id).status === 'planned' && results.length === 0
      ? []
      : [measuredText(results, around.from, around.lines)]),
  ].join('\n\n')

const factsOf = (id: ScenarioId, around: Surroundings): string[] => {
  const { apps, measuredWith = [], requires = [], script, status } = scenarioOf(id)
  const story = around.storyOf(id)
  return [
    status === 'planned' ? 'Planned' : 'Implemented',
    `in ${apps.map((app) => codeOf(id, app, around)).join(', ')}`,
    ...(story === undefined ? [] : [linkTo('story', story, around.from)]),
    `load script ${linkIfThere(`\`${script}\``, `load/scripts/${script}.js`, around)}`,
    ...(requires.length === 0 ? [] : [`only with ${requires.join(', ')} on`]),
    ...(measuredWith.length === 0 ? [] : [`measured with ${measuredWith.join(', ')} on`]),
  ]
}

/** The folder in the app, in the package that implements it for all apps, or a separate app. */
const codeOf = (id: ScenarioId, app: AppName, { from, holds }: Surroundings): string => {
  const folder = `src/scenarios/${id.toLowerCase()}-${scenarioOf(id).slug}`
  const program = `apps/${scenarioOf(id).slug}`
  const found = [`apps/${app}/${folder}`, `packages/db/${folder}`, program].find(holds)
  return found === undefined ? app : linkTo(app, found, from)
}

const linkIfThere = (words: string, target: string, { from, holds }: Surroundings): string =>
  holds(target) ? linkTo(words, target, from) : words

const variantTable = (id: ScenarioId): string => {
  const { needs = {}, variants } = scenarioOf(id)
  return [
    '| variant | what it does | needs |',
    '| :-- | :-- | :-- |',
    ...variantsOf(id).map(
      (name) => `| \`${name}\` | ${variants[name]} | ${needs[name]?.join(', ') ?? ''} |`,
    ),
  ].join('\n')
}
