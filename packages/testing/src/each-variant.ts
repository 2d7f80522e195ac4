import { type ScenarioId, scenarioOf, type VariantOf, variantsOf } from '@flash-deal/config'

/**
 * The variants of a scenario that can be switched on, for a table of tests that must hold for all.
 * A planned scenario has its baseline. Other proxies before the services are left out: a test starts
 * them itself.
 */
export const eachVariant = <Id extends ScenarioId>(id: Id): VariantOf<Id>[] =>
  // The keys of the table, of which the compiler knows only that they are text.
  (scenarioOf(id).status === 'planned'
    ? ['baseline']
    : variantsOf(id).filter((variant) => !isProxy(id, variant))) as VariantOf<Id>[]

const isProxy = (id: ScenarioId, variant: string): boolean =>
  (scenarioOf(id).needs?.[variant] ?? []).some((need) => need === 'envoy' || need === 'kong')
