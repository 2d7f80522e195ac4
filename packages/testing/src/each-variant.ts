import { type ScenarioId, scenarioOf, type VariantOf, variantsOf } from '@flash-deal/config'

/**
 * The implemented variants of a scenario, for tests that must pass with all of them. A planned
 * scenario has only its baseline. Variants with another proxy before the services or with Kafka are
 * left out: a test starts those servers itself.
 */
export const eachVariant = <Id extends ScenarioId>(id: Id): VariantOf<Id>[] =>
  // The compiler knows the keys of the table only as strings.
  (scenarioOf(id).status === 'planned'
    ? ['baseline']
    : variantsOf(id).filter((variant) => !needsOwnServer(id, variant))) as VariantOf<Id>[]

const needsOwnServer = (id: ScenarioId, variant: string): boolean =>
  (scenarioOf(id).needs?.[variant] ?? []).some(
    (need) => need === 'envoy' || need === 'kong' || need === 'kafka',
  )
