import { scenarioIds, scenarioOf, variantsOf } from '@flash-deal/config'
import Table from 'cli-table3'
import { subjects } from './subjects/index.ts'

/** Every scenario, its variants, and whether the lab can measure it. */
export const listTable = (): string => {
  const table = new Table({
    head: ['id', 'scenario', 'variants', 'lab'],
    style: { head: [], border: [] },
    colWidths: [6, 40, 36, 12],
    wordWrap: true,
  })
  for (const id of scenarioIds) {
    const known = subjects.some((subject) => subject.id === id)
    table.push([id, scenarioOf(id).title, variantsOf(id).join(', '), known ? 'yes' : 'not yet'])
  }
  return table.toString()
}
