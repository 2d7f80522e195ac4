import { type ScenarioId, scenarioOf, type VariantOf, variantsOf } from '@flash-deal/config'

/**
 * The implemented variants of a scenario, for tests that must pass with all of them. A planned
 * scenario has only its baseline.
 */
export const eachVariant = <Id extends ScenarioId>(id: Id): VariantOf<Id>[] =>
  // The compiler knows the keys of the table only as strings.
  (scenarioOf(id).status === 'planned' ? ['baseline'] : variantsOf(id)) as VariantOf<Id>[]
