import { scenarioIds, scenarioOf, variantsOf } from '@flash-deal/config'
import Table from 'cli-table3'
import { subjects } from './subjects/index.ts'

/** Every scenario, its variants, and whether the lab can measure it. */
export const listTable = (): string => {
  const table = new Table({
    head: ['id', 'scenario', 'variants', 'npm run lab --'],
    style: { head: [], border: [] },
    colWidths: [6, 38, 34, 18],
    wordWrap: true,
  })
  for (const id of scenarioIds) {
    const names = subjects.flatMap((subject) => (subject.id === id ? subject.name : []))
    table.push([id, scenarioOf(id).title, variantsOf(id).join(', '), names.join(', ') || 'not yet'])
  }
  return table.toString()
}
