import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ScenarioId, type Scenarios, scenarioIds, scenarioOf } from '@flash-deal/config'
import type { Sql } from 'postgres'

/**
 * Applies the variants of the scenarios of the seam `data`: `down.sql` for the baseline, which is the
 * default, otherwise `up.sql`. Each file is one transaction and idempotent.
 */
export const applyDataScenarios = async (
  sql: Sql,
  scenarios: Partial<Scenarios>,
): Promise<void> => {
  for (const id of scenarioIds.filter(isInData)) {
    const file = (scenarios[id] ?? 'baseline') === 'baseline' ? 'down.sql' : 'up.sql'
    await sql.unsafe(readFileSync(join(folderOf(id), file), 'utf8'))
  }
}

/** Whether all scenarios of the seam `data` are at their baseline. */
export const isAtBaseline = (scenarios: Partial<Scenarios>): boolean =>
  scenarioIds.filter(isInData).every((id) => (scenarios[id] ?? 'baseline') === 'baseline')

const isInData = (id: ScenarioId): boolean => {
  const { seam, status } = scenarioOf(id)
  return seam === 'data' && status === 'implemented'
}

const folderOf = (id: ScenarioId): string =>
  join(import.meta.dirname, 'scenarios', `${id.toLowerCase()}-${scenarioOf(id).slug}`)
