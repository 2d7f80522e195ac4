import t from 'tap'
import { BoundedMap } from '../src/domain/bounded-map.ts'

/** What caches in the process are kept in. */

type Page = { bytes: number }

const byBytes = () => new BoundedMap<string, Page>(10, ({ bytes }) => bytes)

t.test('the oldest of too many entries is evicted', async (t) => {
  const map = new BoundedMap<string, Page>(2)
  for (const key of ['a', 'b', 'a', 'c']) map.set(key, { bytes: 100 })
  t.strictSame([...map.keys()], ['a', 'c'])
})

t.test('of too much, as many go as have to', async (t) => {
  const map = byBytes()
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, { bytes: 3 })
  t.strictSame([...map.keys()], ['b', 'c', 'd'])
  map.set('e', { bytes: 6 })
  t.strictSame([...map.keys()], ['d', 'e'])
})

t.test('an entry larger than the limit is not stored', async (t) => {
  const map = byBytes().set('a', { bytes: 3 }).set('b', { bytes: 11 })
  t.strictSame([...map.keys()], [])
})

t.test('replaced, deleted and cleared entries free their space', async (t) => {
  const map = byBytes()
  for (const bytes of [9, 8, 7]) map.set('a', { bytes })
  map.set('b', { bytes: 3 })
  t.equal(map.size, 2)
  t.ok(map.delete('a'))
  t.notOk(map.delete('a'))
  map.set('c', { bytes: 7 })
  t.strictSame([...map.keys()], ['b', 'c'])
  map.clear()
  t.strictSame([...map.set('d', { bytes: 10 }).keys()], ['d'])
})
