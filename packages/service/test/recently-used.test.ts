import t from 'tap'
import { RecentlyUsed } from '../src/recently-used.ts'

t.test('the least recently used entry is evicted first', async (t) => {
  const kept = new RecentlyUsed<string, number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  t.equal(kept.get('a'), 1)
  kept.set('c', 3)
  t.equal(kept.get('b'), undefined)
  t.equal(kept.get('a'), 1)
  t.equal(kept.get('c'), 3)
  t.equal(kept.size, 2)
})

t.test('a repeated key is one entry', async (t) => {
  const kept = new RecentlyUsed<string, number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  kept.set('b', 3)
  t.equal(kept.get('a'), 1)
  t.equal(kept.get('b'), 3)
})

t.test('only the selected entries are deleted', async (t) => {
  const kept = new RecentlyUsed<string, number>(3)
  for (const [index, key] of ['a', 'b', 'c'].entries()) kept.set(key, index)
  kept.deleteWhere((value) => value !== 1)
  t.equal(kept.size, 1)
  t.equal(kept.get('b'), 1)
})

t.test('the sum of the sizes stays within the maximum', async (t) => {
  const kept = new RecentlyUsed<string, string>(10, (text) => text.length)
  for (const key of ['a', 'b', 'c']) kept.set(key, 'four')
  t.strictSame([kept.get('a'), kept.get('b'), kept.get('c')], [undefined, 'four', 'four'])
  kept.set('b', 'x')
  kept.set('d', 'three')
  t.equal(kept.size, 10)
  kept.set('e', 'longer than ten')
  t.strictSame([kept.size, kept.get('e')], [0, undefined], 'one that is too large is not kept')
  kept.set('f', 'x')
  kept.clear()
  t.strictSame([kept.size, kept.get('f')], [0, undefined])
})

t.test('no more entries than needed are evicted, and a deleted one frees its size', async (t) => {
  const kept = new RecentlyUsed<string, number>(10, (size) => size)
  for (const key of ['a', 'b', 'c', 'd']) kept.set(key, 3)
  t.strictSame(
    [...kept],
    [
      ['b', 3],
      ['c', 3],
      ['d', 3],
    ],
  )
  kept.set('e', 6)
  t.strictSame(
    [...kept],
    [
      ['d', 3],
      ['e', 6],
    ],
  )
  kept.delete('e')
  kept.delete('e')
  t.strictSame([kept.has('e'), kept.has('d'), kept.size], [false, true, 3])
  kept.set('f', 7)
  t.strictSame(
    [...kept],
    [
      ['d', 3],
      ['f', 7],
    ],
  )
})
