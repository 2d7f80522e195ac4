import { type ScenarioId, scenarioOf, variantsOf } from '@flash-deal/config'

/**
 * The variants of a scenario that can be switched on, for a table of tests that must hold for all.
 * A planned scenario has its baseline.
 */
export const eachVariant = (id: ScenarioId): string[] =>
  scenarioOf(id).status === 'planned' ? ['baseline'] : variantsOf(id)
