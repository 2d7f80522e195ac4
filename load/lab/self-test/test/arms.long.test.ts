import t from 'tap'
import { smoke } from '../../pace.ts'
import { runSession } from '../../session.ts'
import { smokeProblems } from '../../smoke.ts'
import { baselines, ceiling, same, silent, slowed, subjectWith } from '../arms.ts'

/** Every arm of the self-test runs, and only the one whose cache has no effect is rejected. */

t.setTimeout(600_000)

t.test('the arms of the self-test start, and the smoke test rejects one', async (t) => {
  const { header, records } = await runSession({
    subject: subjectWith(20),
    arms: [...baselines, same, slowed, silent, ceiling],
    seed: 1,
    pace: smoke,
    extent: 'smoke',
    capMs: 60_000,
    restarts: 1,
    abort: new AbortController().signal,
  })
  t.strictSame(smokeProblems(header, records), [
    'silently off: the witness memory_hit did not move',
  ])
})
