import t from 'tap'
import { layersOf } from '../../report/tables/arms.ts'
import { byZipf, inTurn } from '../keys.ts'

/** Requests have the shape of a shop's: few are wanted often, and many hardly ever. */

const drawn = (count: number, exponent: number, draws = 100_000): number[] => {
  const next = byZipf(count, { exponent, seed: 5 })
  const counts = new Array<number>(count).fill(0)
  for (let draw = 0; draw < draws; draw += 1) {
    const key = next(draw)
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

t.test('the k-th of thousands is requested in proportion to 1/k', async (t) => {
  const counts = drawn(2_000, 1)
  const total = counts.reduce((sum, each) => sum + each, 0)
  const harmonic = counts.reduce((sum, _, at) => sum + 1 / (at + 1), 0)
  for (const k of [1, 2, 5, 10]) {
    const [found = 0, wanted] = [(counts[k - 1] ?? 0) / total, 1 / k / harmonic]
    t.ok(Math.abs(found / wanted - 1) < 0.1, `${k}: ${found} for ${wanted}`)
  }
  t.ok(
    counts.slice(1_000).some((each) => each > 0),
    'the far ones come too',
  )
})

t.test('the same seed gives the same sequence, another seed another', async (t) => {
  const sequence = (seed: number) => {
    const next = byZipf(50, { exponent: 0.9, seed })
    return Array.from({ length: 40 }, (_, number) => next(number))
  }
  t.strictSame(sequence(1), sequence(1))
  t.notSame(sequence(1), sequence(2))
})

t.test('without a distribution requests are sent in turn', async (t) => {
  const next = inTurn(3)
  t.strictSame([4, 5, 6, 7].map(next), [1, 2, 0, 1])
})

t.test('the counts show which layer served a response, single flight included', async (t) => {
  const shares = layersOf({ witnesses: { redis_hit: 0.25, redis_miss: 0.05, database: 0.05 } })
  t.equal(shares['served from a cache'], 0.25)
  t.equal(shares['read from the database'], 0.05)
  t.equal(shares['served by the read of another request']?.toFixed(2), '0.70')
  t.strictSame(layersOf({ witnesses: { database: 1 } }), {}, 'a baseline has no layers')
})
