import t from 'tap'
import { measureStreams } from '../streams/measure.ts'

/** A stream is cheap while nothing happens: clients may wait for the outcome of their orders. */

t.setTimeout(300_000)

t.test('a thousand open streams cost order 20 MB at most, closed ones nothing', async (t) => {
  const { residentMb, heapMb, idleCpuMs } = await measureStreams(1_000)
  t.comment(`${residentMb.toFixed(1)} MB resident, ${heapMb.toFixed(1)} MB of heap`)
  t.comment(JSON.stringify(idleCpuMs))
  t.ok(residentMb <= 20, `${residentMb} MB`)
  t.ok(idleCpuMs.after < idleCpuMs.before + 5, 'no timer and no statement is left')
})
