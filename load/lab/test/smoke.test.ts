import t from 'tap'
import { smokeProblems } from '../smoke.ts'
import { smokeSystems } from '../smoke-systems.ts'
import { subjects } from '../subjects/index.ts'
import { header, simulated } from '../verdict/test/simulate.ts'
import { briefProblems, bySystem, lab, variantsFor } from './smoke.ts'

/**
 * The lab's short form: each scenario that can be measured runs, answers as it should, and proves
 * it. One subject and one variant each, briefly; `smoke.long.test.ts` has all of both, and
 * `counts.long.test.ts` what subjects count without load.
 */

t.setTimeout(600_000)

const systems = smokeSystems(new AbortController().signal)
t.teardown(systems.end)

const first = new Map(subjects.toReversed().map((subject) => [subject.id, subject]))

for (const subject of bySystem([...first.values()])) {
  t.test(`${subject.name} does what it should`, async (t) => {
    const shared = await systems.cleanFor(subject)
    const variants = variantsFor(subject).slice(0, 1)
    t.same(await briefProblems({ subject, variants, shared }), [])
  })
}

t.test('what it cannot measure is refused with what it can', async (t) => {
  const { code, stderr } = await lab('x9')
  t.equal(code, 1)
  t.match(stderr, 'The lab cannot measure "x9". It can: e1')
})

t.test('so is a variant that there is none of', async (t) => {
  t.match((await lab('e2', '--variants', 'fastest')).stderr, 'E2 has no fastest')
})

t.test('a system that answers wrongly fails it, one that is slow does not', async (t) => {
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
