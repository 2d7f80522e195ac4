import t from 'tap'
import { progressLine } from '../progress.ts'

/** The remaining time of a run. */

/** Half of a restart takes a minute. */
const half = { slices: 8, of: 16, elapsedMs: 60_000 }

t.test('the remaining time follows from the finished slices', async (t) => {
  t.match(progressLine({ restart: 0, before: 0, ...half }), '19 to 39 minutes left')
})

t.test('restarts before an interruption are not counted as fast ones', async (t) => {
  t.match(progressLine({ restart: 10, before: 10, ...half }), '0 to 19 minutes left')
})
