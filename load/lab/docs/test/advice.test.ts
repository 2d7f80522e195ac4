import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveScenarios, scenarioIds } from '@flash-deal/config'
import { root } from '@flash-deal/local/paths'
import t from 'tap'
import { adviceOn } from '../advice.ts'
import { readResults } from '../results.ts'

/** Each page has its recommendation before the explanation. */

t.test('every measured scenario has advice, with its load and its price', async (t) => {
  const measured = new Set(readResults(root).map(({ id }) => id))
  for (const id of measured) {
    const advice = adviceOn[id]
    t.ok(advice && advice.measuredFor !== '' && advice.price !== '', id)
  }
})

t.test('a scenario in `all` that is not recommended has a reason', async (t) => {
  const { scenarios } = resolveScenarios({}, { SCENARIOS: 'all' })
  const unexplained = scenarioIds.filter((id) => {
    const advice = adviceOn[id]
    return scenarios[id] !== 'baseline' && advice?.take === 'Leave it' && !advice.whyInAll
  })
  t.strictSame(unexplained, [])
})

t.test('every story begins with its recommendation', async (t) => {
  for (const file of globSync('docs/scenarios/*.md', { cwd: root })) {
    const [, first = ''] =
      readFileSync(join(root, file), 'utf8').split(/\n## /)[0]?.split('\n\n') ?? []
    const head = readFileSync(join(root, file), 'utf8').split(/\n## /)[0] ?? ''
    t.match(head, /^\*\*Recommendation\*\*: /m, `${file}: ${first.slice(0, 40)}`)
  }
})
