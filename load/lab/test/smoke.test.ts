import t from 'tap'
import { smokeProblems } from '../smoke.ts'
import { header, simulated } from '../verdict/test/simulate.ts'
import { lab } from './smoke.ts'

/**
 * What is refused before a system starts, and what fails a smoke test. `each-scenario.long.test.ts` runs
 * a subject of each scenario, `smoke.long.test.ts` all subjects with all variants, and
 * `counts.long.test.ts` what subjects count without load.
 */

t.test('an unknown subject is an error that lists the known ones', async (t) => {
  const { code, stderr } = await lab('x9')
  t.equal(code, 1)
  t.match(stderr, 'The lab cannot measure "x9". It can: e1')
})

t.test('an unknown variant is an error', async (t) => {
  t.match((await lab('e2', '--variants', 'fastest')).stderr, 'E2 has no fastest')
})

t.test('wrong responses fail the smoke test, slow ones do not', async (t) => {
  const problems = (change: object) =>
    smokeProblems(header(), simulated({ change: () => change })).length
  t.equal(problems({ serverUtilization: 0.1, foreignCpu: 0.9 }), 0)
  for (const change of [
    { statuses: { 500: 1 } },
    { wrongBodies: 1 },
    { witnesses: {} },
    { health: {} },
    { errors: { timeout: 1 } },
  ]) {
    t.ok(problems(change) > 0, JSON.stringify(change))
  }
})
