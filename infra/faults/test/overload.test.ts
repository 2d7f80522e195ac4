import t from 'tap'
import { overload } from '../overload/overload.ts'

t.test('with five times the orders that it can do, a system goes on selling', async (t) => {
  const came = await overload({ variant: 'baseline', seconds: 6, times: 5, calibrateSeconds: 3 })
  const answered = (seconds: typeof came.during) =>
    seconds.map(({ ordered, shed, late, other }) => ({ ordered, shed, late, other }))
  t.ok(came.peak > 0)
  for (const { ordered } of came.during.slice(1)) t.ok(ordered > 0, 'in every second some are sold')
  t.ok(
    came.during.some(({ shed }) => shed > 0),
    'what is too much is told so',
  )
  for (const { other } of [...came.during, ...came.after])
    t.equal(other, 0, 'nothing is answered but 201, 503 and 504')
  const last = came.after.at(-1)
  t.ok(last !== undefined && last.ordered > last.shed, JSON.stringify(answered(came.after)))
  t.strictSame(came.broken, [])
})
