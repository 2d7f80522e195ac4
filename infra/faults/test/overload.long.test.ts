import t from 'tap'
import { overload } from '../overload/overload.ts'

t.test('a system keeps selling at a multiple of its throughput', async (t) => {
  const result = await overload({
    ...{ target: 'gateway', variant: 'baseline', scenarios: '' },
    // A short queue is full within a few seconds, also on a machine that is slow at first.
    settings: { UPSTREAM_QUEUE_MAX: '5' },
    ...{ seconds: 2, times: 10, retries: 3 },
    ...{ calibrateSeconds: 3, recoverySeconds: 3 },
  })
  const counts = (seconds: typeof result.during) =>
    seconds.map(({ ordered, shed, late, other }) => ({ ordered, shed, late, other }))
  t.ok(result.peak > 0)
  for (const { ordered } of result.during.slice(1)) t.ok(ordered > 0, 'every second has orders')
  const excess = [...result.during, ...(result.storm?.seconds ?? [])]
  t.ok(
    excess.some(({ shed, retried }) => shed + retried > 0),
    `excess orders get 503: ${JSON.stringify(counts(excess))}`,
  )
  for (const { other } of [...result.during, ...result.after])
    t.equal(other, 0, 'every response is 201, 503 or 504')
  t.ok(
    result.storm?.seconds.some(({ ordered }) => ordered > 0),
    'it sells also while clients retry at once',
  )
  const last = result.after.at(-1)
  t.ok(last !== undefined && last.ordered > last.shed, JSON.stringify(counts(result.after)))
  t.strictSame(result.broken, [])
})
