import t from 'tap'
import { smokeProblems } from '../smoke.ts'
import { smokeSystems } from '../smoke-systems.ts'
import { subjectNamed } from '../subjects/named.ts'
import { header, simulated } from '../verdict/test/simulate.ts'
import { lab, provesOneVariant } from './smoke.ts'

/**
 * The short form: orders at order and product, with the baseline and one variant, briefly.
 * `each-scenario.long.test.ts` has a subject of each scenario, `smoke.long.test.ts` all subjects with
 * all variants, and `counts.long.test.ts` what subjects count without load.
 */

t.setTimeout(600_000)

const systems = smokeSystems(new AbortController().signal)
t.teardown(systems.end)

provesOneVariant(t, systems, subjectNamed('h1'))

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
