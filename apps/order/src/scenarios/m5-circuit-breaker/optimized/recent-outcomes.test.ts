import { CircuitState } from 'cockatiel'
import t from 'tap'
import { RecentOutcomes } from './recent-outcomes.ts'

const closed = CircuitState.Closed

/** Opens at half of four calls or more in ten seconds, with a simulated clock. */
const start = () => {
  const clock = { seconds: 1_000 }
  const now = () => clock.seconds * 1_000
  return { clock, outcomes: new RecentOutcomes({ threshold: 0.5, windowS: 10, callsMin: 4, now }) }
}

t.test('it opens at exactly half of the calls, not below', async (t) => {
  const { outcomes } = start()
  for (let i = 0; i < 3; i++) outcomes.success(closed)
  t.strictSame([outcomes.failure(closed), outcomes.failure(closed)], [false, false])
  t.equal(outcomes.failure(closed), true, 'three of six')
})

t.test('it does not open below the minimum number of calls', async (t) => {
  const { outcomes } = start()
  const opens = [1, 2, 3, 4].map(() => outcomes.failure(closed))
  t.strictSame(opens, [false, false, false, true])
})

t.test('a failure counts for ten seconds, for any rate of calls', async (t) => {
  const { clock, outcomes } = start()
  for (let i = 0; i < 3; i++) outcomes.failure(closed)
  clock.seconds += 10
  t.equal(outcomes.failure(closed), false, 'three failures have left the window')
  clock.seconds += 9
  outcomes.failure(closed)
  outcomes.failure(closed)
  t.equal(outcomes.failure(closed), true, 'the one of nine seconds ago has not')
})

t.test('after a clock is set back, old failures do not count again', async (t) => {
  const { clock, outcomes } = start()
  for (let i = 0; i < 3; i++) outcomes.failure(closed)
  clock.seconds -= 3_600
  t.equal(outcomes.failure(closed), false)
})

t.test('closing resets the counts', async (t) => {
  const { outcomes } = start()
  for (let i = 0; i < 4; i++) outcomes.failure(closed)
  outcomes.success(CircuitState.HalfOpen)
  outcomes.success(closed)
  outcomes.success(closed)
  t.equal(outcomes.failure(closed), false)
  t.equal(outcomes.failure(CircuitState.HalfOpen), true, 'the one that decides')
})
