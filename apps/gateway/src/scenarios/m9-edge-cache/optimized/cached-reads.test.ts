import t from 'tap'
import { CachedReads, type Read } from './cached-reads.ts'

const readOf = (bytes: number, own: Partial<Read> = {}): Read => ({
  status: 200,
  headers: {},
  body: Buffer.alloc(bytes),
  tag: 'W/"x"',
  isCacheable: true,
  ...own,
})

const ttlMs = 60_000

t.test('any number of different queries stays within the memory limit', async (t) => {
  const reads = new CachedReads({ bytesMax: 1_000_000, ttlMs })
  for (let i = 0; i < 5_000; i++) await reads.start(`key ${i}`, async () => readOf(i % 10_000))
  t.ok(reads.bytes <= 1_000_000)
  t.ok(reads.find('key 4999'), 'the newest is there')
  t.notOk(reads.find('key 0'), 'the oldest is not')
})

t.test('an entry with an empty body counts too', async (t) => {
  const reads = new CachedReads({ bytesMax: 100_000, ttlMs })
  for (let i = 0; i < 1_000; i++) await reads.start(`${i}`, async () => readOf(0))
  const kept = Array.from({ length: 1_000 }, (_, i) => reads.find(`${i}`)).filter(Boolean)
  t.ok(kept.length < 100)
})

t.test('a page larger than a sixteenth of the memory is not cached', async (t) => {
  const reads = new CachedReads({ bytesMax: 160_000, ttlMs })
  await reads.start('small', async () => readOf(5_000))
  await reads.start('large', async () => readOf(20_000))
  t.ok(reads.find('small'))
  t.notOk(reads.find('large'))
})

t.test('the result of an older call does not replace a newer one', async (t) => {
  const reads = new CachedReads({ bytesMax: 1_000_000, ttlMs })
  const slow = Promise.withResolvers<Read>()
  const old = reads.start('key', () => slow.promise)
  await new Promise((resolve) => setTimeout(resolve, 2))
  await reads.start('key', async () => readOf(2))
  slow.resolve(readOf(1))
  await old
  t.equal(reads.find('key')?.read.body.length, 2)
})

t.test('a purge empties the cache, and calls in flight are not cached', async (t) => {
  const reads = new CachedReads({ bytesMax: 1_000_000, ttlMs })
  await reads.start('kept', async () => readOf(1))
  const slow = Promise.withResolvers<Read>()
  const old = reads.start('key', () => slow.promise)
  reads.purge()
  t.notOk(reads.underWay('key'))
  slow.resolve(readOf(1))
  await old
  t.strictSame([reads.find('kept'), reads.find('key'), reads.bytes], [undefined, undefined, 0])
})

t.test('a failed call is not cached', async (t) => {
  const reads = new CachedReads({ bytesMax: 1_000_000, ttlMs })
  await t.rejects(reads.start('key', () => Promise.reject(new Error('away'))))
  t.notOk(reads.underWay('key'))
  for (const own of [{ status: 404 }, { isCacheable: false }]) {
    await reads.start('key', async () => readOf(1, own))
    t.notOk(reads.find('key'))
  }
})
