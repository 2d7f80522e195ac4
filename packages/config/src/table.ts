import type { z } from 'zod'
import { scenarioIds, scenarioOf, variantsOf } from './scenarios.ts'
import { settingsSchemas } from './settings.ts'

/**
 * The settings and scenarios as JSON, for the services in Go, which reject the same values with the
 * same messages.
 */
export const tableText = (): string =>
  `${JSON.stringify({ settings: settings(), scenarios: scenarioIds.map(scenario) }, null, 2)}\n`

/** The settings of the services that exist in Go, in the order in which problems are reported. */
const settings = () => ({
  auth: rulesOf(settingsSchemas.auth.shape),
  order: rulesOf(settingsSchemas.order.shape),
})

const rulesOf = (shape: Record<string, z.ZodType>) =>
  Object.entries(shape).map(([name, schema]) => {
    const { rule, secret = false } = schema.meta() ?? {}
    if (typeof rule !== 'object') throw new Error(`The kind of ${name} gives no rule for it.`)
    return { name, secret, ...rule }
  })

const scenario = (id: (typeof scenarioIds)[number]) => {
  const { status, notInAll, excludes, excludesIn, requires } = scenarioOf(id)
  const rules = { notInAll, excludes, excludesIn, requires }
  return { id, variants: variantsOf(id), isPlanned: status === 'planned', ...rules }
}
