import { ConfigError } from './config-error.ts'
import {
  type ScenarioId,
  type Scenarios,
  scenarioIds,
  scenarioOf,
  variantsOf,
} from './scenarios.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Resolved = {
  scenarios: Scenarios
  /** The scenarios that `SCENARIOS=all` leaves out, each with its reason. */
  leftOut: string[]
}

/**
 * Decides the variant of every scenario. Precedence: argument (tests) > `SCENARIO_<ID>` >
 * `SCENARIOS` > `baseline`.
 *
 * @throws ConfigError with every misspelt variable, unknown id or variant, planned scenario,
 * excluded pair and missing partner, and the allowed values
 */
export const resolveScenarios = (
  environment: Environment,
  argument: Partial<Scenarios> = {},
): Resolved => {
  const list = readList(environment.SCENARIOS ?? '')
  const wanted = new Map([...list.variants, ...readOwn(environment), ...Object.entries(argument)])
  const chosen = [...wanted].map(([id, variant]) => checked(id, variant))
  const variants = Object.fromEntries(
    chosen.flatMap((each) => ('variant' in each ? [[each.id, each.variant]] : [])),
  )
  const problems = [
    ...misspelt(environment),
    ...chosen.flatMap((each) => ('problem' in each ? [each.problem] : [])),
    ...excludedPairs(variants),
    ...excludedByVariant(variants),
    ...missingPartners(variants),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return { scenarios: Object.freeze(complete(variants)), leftOut: list.leftOut }
}

/** The scenarios that are not at their baseline, as `E2=optimized`. */
export const activeScenarios = (scenarios: Scenarios): string[] =>
  scenarioIds.filter((id) => scenarios[id] !== 'baseline').map((id) => `${id}=${scenarios[id]}`)

type Wanted = { variants: Map<string, string>; leftOut: string[] }

/** `all`, or `e1,m1:redlock`, or both; a later word overrides an earlier one. */
const readList = (text: string): Wanted => {
  const wanted: Wanted = { variants: new Map(), leftOut: [] }
  for (const word of text.split(',').map((each) => each.trim())) {
    if (word === '') continue
    if (word.toLowerCase() === 'all') addAll(wanted)
    else addWord(wanted, word)
  }
  return wanted
}

const addAll = (wanted: Wanted): void => {
  for (const id of scenarioIds) {
    const { notInAll, status } = scenarioOf(id)
    if (notInAll !== undefined) wanted.leftOut.push(`${id} (${notInAll})`)
    else if (status === 'planned') wanted.leftOut.push(`${id} (planned)`)
    else wanted.variants.set(id, 'optimized')
  }
}

const addWord = (wanted: Wanted, word: string): void => {
  const [id = '', variant = 'optimized'] = word.split(':')
  wanted.variants.set(id.toUpperCase(), variant)
}

const readOwn = (environment: Environment): Map<string, string> =>
  new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith('SCENARIO_') && value ? [[name.slice('SCENARIO_'.length), value]] : [],
    ),
  )

/** Variables like SCENARIOS_E2: without an error, the system would start with the baseline. */
const misspelt = (environment: Environment): string[] =>
  Object.keys(environment)
    .filter((name) => /^SCENARIO(?!_|S$)/.test(name) && environment[name])
    .map((name) => `"${name}" switches nothing. Write SCENARIO_<ID>=variant or SCENARIOS=list.`)

const isScenarioId = (id: string): id is ScenarioId => (scenarioIds as string[]).includes(id)

const checked = (
  id: string,
  variant: string,
): { id: ScenarioId; variant: string } | { problem: string } => {
  if (!isScenarioId(id)) {
    return { problem: `There is no scenario "${id}". Allowed are ${scenarioIds.join(', ')}.` }
  }
  const allowed = scenarioOf(id).status === 'planned' ? ['baseline'] : variantsOf(id)
  if (allowed.includes(variant)) return { id, variant }
  const reason = variantsOf(id).includes(variant)
    ? `Scenario ${id} is planned and cannot be switched on yet`
    : `Scenario ${id} has no variant "${variant}"`
  return { problem: `${reason}. Allowed: ${allowed.join(', ')}.` }
}

type Variants = Readonly<Record<string, string>>

const isOn = (variants: Variants, id: string): boolean =>
  (variants[id] ?? 'baseline') !== 'baseline'

const onIn = (variants: Variants): ScenarioId[] => scenarioIds.filter((id) => isOn(variants, id))

const excludedPairs = (variants: Variants): string[] =>
  onIn(variants).flatMap((id) =>
    (scenarioOf(id).excludes ?? [])
      .filter((other) => isOn(variants, other))
      .map((other) => `Scenarios ${id} and ${other} exclude each other. Switch one of them off.`),
  )

const excludedByVariant = (variants: Variants): string[] =>
  onIn(variants).flatMap((id) =>
    (scenarioOf(id).excludesIn?.[variants[id] ?? ''] ?? [])
      .filter((other) => isOn(variants, other))
      .map(
        (other) =>
          `Scenario ${id}=${variants[id]} cannot be combined with ${other}, which has no effect with it. Switch one of them off.`,
      ),
  )

const missingPartners = (variants: Variants): string[] =>
  onIn(variants).flatMap((id) =>
    (scenarioOf(id).requires ?? [])
      .filter((other) => !isOn(variants, other))
      .map(
        (other) =>
          `Scenario ${id} has no effect without ${other}. Set SCENARIO_${other}=optimized too, or switch ${id} off.`,
      ),
  )

const complete = (variants: Record<string, string>): Scenarios =>
  // Every id is present, and every variant was checked against the table.
  Object.fromEntries(scenarioIds.map((id) => [id, variants[id] ?? 'baseline'])) as Scenarios
