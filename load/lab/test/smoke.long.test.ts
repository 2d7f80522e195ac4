import { randomFrom } from '@flash-deal/local/random'
import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { smokeSystems } from '../smoke-systems.ts'
import { subjects } from '../subjects/index.ts'
import { allProblems, bySystem, lab, missingFor, variantsFor } from './smoke.ts'

/** All variants of each subject that the subject can prove, for as long as there is time. */

const { seed, hasTime } = longRun(t)
const systems = smokeSystems(new AbortController().signal)
t.teardown(systems.end)

t.test('the command starts its own system', async (t) => {
  const { code, stdout } = await lab('e2', '--smoke', '--variants', 'optimized')
  t.match(stdout, 'e2: no problems found.')
  t.equal(code, 0, stdout)
})

for (const subject of bySystem(randomFrom(seed).shuffle(subjects))) {
  const variants = variantsFor(subject)
  const title = `${subject.name} with ${variants.join()} runs and responds correctly`
  if (hasTime()) {
    await t.test(title, { skip: missingFor(subject, variants) }, async (t) => {
      const shared = await systems.cleanFor(subject)
      t.same(await allProblems({ subject, variants, shared }), [])
    })
  } else t.comment(`Not run, because the time limit is reached: ${title}`)
}
