import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ScenarioId, type Scenarios, scenarioIds, scenarioOf } from '@flash-deal/config'
import type { Sql } from 'postgres'

/**
 * Brings the scenarios of the seam `data` to the wanted variants: `down.sql` for baseline, which is
 * the default, else `up.sql`. Each file is one transaction, and may be run any number of times.
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

/** Whether none of those that stand in the database is switched on. */
export const isAtBaseline = (scenarios: Partial<Scenarios>): boolean =>
  scenarioIds.filter(isInData).every((id) => (scenarios[id] ?? 'baseline') === 'baseline')

const isInData = (id: ScenarioId): boolean => {
  const { seam, status } = scenarioOf(id)
  return seam === 'data' && status === 'implemented'
}

const folderOf = (id: ScenarioId): string =>
  join(import.meta.dirname, 'scenarios', `${id.toLowerCase()}-${scenarioOf(id).slug}`)
