import t from 'tap'
import { randomFrom } from '../random.ts'

/** Reproducible random numbers. */

const drawn = (seed: number) => {
  const random = randomFrom(seed)
  return [
    random.integer(1, 1000),
    random.pick('abcdefgh'.split('')),
    ...random.shuffle([1, 2, 3, 4]),
  ]
}

t.test('a seed gives the same numbers on any machine, another seed gives others', async (t) => {
  t.strictSame(drawn(42), drawn(42))
  t.notSame(drawn(42), drawn(43))
})

t.test('integers include both bounds and nothing beyond', async (t) => {
  const random = randomFrom(1)
  const numbers = new Set(Array.from({ length: 200 }, () => random.integer(-1, 2)))
  t.strictSame([...numbers].sort(), [-1, 0, 1, 2])
})

t.test('shuffling returns a new list with the same items', async (t) => {
  const given = [1, 2, 2, 3, 4, 5]
  const shuffled = randomFrom(7).shuffle(given)
  t.strictSame([...shuffled].sort(), given)
  t.notSame(shuffled, given)
  t.strictSame(randomFrom(7).shuffle([]), [])
})

t.test('all orders and items are equally likely', async (t) => {
  const random = randomFrom(5)
  const orders = new Map<string, number>()
  for (let trial = 0; trial < 6000; trial++) {
    const order = random.shuffle(['a', 'b', 'c']).join('') + random.pick(['x', 'y'])
    orders.set(order, (orders.get(order) ?? 0) + 1)
  }
  t.equal(orders.size, 12)
  // 500 each; four deviations are 86.
  t.ok(
    [...orders.values()].every((count) => Math.abs(count - 500) < 86),
    `${[...orders]}`,
  )
})

t.test('nothing is picked from an empty list', async (t) => {
  t.throws(() => randomFrom(1).pick([]), RangeError)
})
