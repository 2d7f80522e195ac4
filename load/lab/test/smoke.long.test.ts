import { longRun } from '@flash-deal/testing'
import t from 'tap'
import { subjects } from '../subjects/index.ts'
import { smoke, variantsFor } from './smoke.ts'

/** All variants of each subject that the subject can prove, for as long as there is time. */

const { hasTime } = longRun(t)

for (const subject of subjects) {
  const variants = variantsFor(subject).join() || 'optimized'
  const title = `${subject.name} with ${variants} does what it should`
  if (hasTime()) await t.test(title, (t) => smoke(t, subject, variants))
  else t.comment(`Not played, because the time is over: ${title}`)
}
