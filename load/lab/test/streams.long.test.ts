import t from 'tap'
import { measureStreams } from '../streams/measure.ts'

/**
 * The cost of a stream while nothing happens. The target for a thousand streams is 20 MB; they take 14
 * to 24 MB of heap, and 29 MB resident. This is the limit against more.
 */

t.setTimeout(300_000)

t.test(
  'a thousand open streams cost order 32 MB of heap at most, closed ones nothing',
  async (t) => {
    const { residentMb, heapMb, idleCpuMs } = await measureStreams(1_000)
    t.comment(`${residentMb.toFixed(1)} MB resident, ${heapMb.toFixed(1)} MB of heap`)
    t.comment(JSON.stringify(idleCpuMs))
    t.ok(heapMb <= 32, `${heapMb} MB`)
    t.ok(idleCpuMs.after < idleCpuMs.before + 5, 'no timer and no statement is left')
  },
)
