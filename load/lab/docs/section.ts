import { type AppName, type ScenarioId, scenarioOf, variantsOf } from '@flash-deal/config'
import type { LinesSince } from '../files/stale.ts'
import { linkTo } from './link.ts'
import { measuredText } from './measured.ts'
import type { Result } from './results.ts'

/** One scenario on the page of all of them. */

export type Surroundings = {
  /** The file that the text is for. As all names here, it counts from the repository's root. */
  from: string
  /** The page that tells of a scenario at length, where there is one. */
  storyOf: (id: ScenarioId) => string | undefined
  /** Whether there is such a file or folder. */
  holds: (name: string) => boolean
  lines: LinesSince
}

export const headingOf = (id: ScenarioId): string => `${id}: ${scenarioOf(id).title}`

/** @param results of this scenario, the newest first */
export const sectionOf = (
  id: ScenarioId,
  results: readonly Result[],
  around: Surroundings,
): string =>
  [
    `## ${headingOf(id)}`,
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
    ...(story === undefined ? [] : [linkTo('the whole story', story, around.from)]),
    `load script ${linkIfThere(`\`${script}\``, `load/scripts/${script}.js`, around)}`,
    ...(requires.length === 0 ? [] : [`only with ${requires.join(', ')} on`]),
    ...(measuredWith.length === 0 ? [] : [`measured with ${measuredWith.join(', ')} on`]),
  ]
}

/** In the app, in the package that does it for all of them, or in an app of its own. */
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
