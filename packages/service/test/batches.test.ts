import { mock } from 'node:test'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { NotStarted } from '@flash-deal/errors'
import { Batches, Deadline } from '@flash-deal/service'
import t, { type Test } from 'tap'

type Result = string | Promise<string>
type Round = PromiseWithResolvers<readonly Result[]> & { key: string; items: readonly string[] }

/** Batches whose work the test resolves. */
const open = (given: { sizeMax?: number; queueMax?: number } = {}) => {
  const rounds: Round[] = []
  const batches = new Batches<string, string>({
    name: 'batch',
    sizeMax: 100,
    queueMax: 100,
    timeoutMs: 1_000,
    ...given,
    work: (key, items) => {
      const round = { ...Promise.withResolvers<readonly Result[]>(), key, items }
      rounds.push(round)
      return round.promise
    },
  })
  const add = (...items: string[]) => items.map((item) => batches.add('deal', item))
  return { batches, rounds, add }
}

/** Resolves each item of the round, and lets the next round start. */
const end = async (round: Round | undefined): Promise<void> => {
  round?.resolve(round.items.map(resultOf))
  await endOfTurn()
  await endOfTurn()
}

const resultOf = (item: string): string => `${item} done`

/** Asserts a rejection with 503. */
const shed = (t: Test, result: Promise<string> | undefined, title = 'it is shed') =>
  t.rejects(async () => void (await result), { code: 'SERVICE_UNAVAILABLE' }, title)

const sizes = (rounds: readonly Round[]) => rounds.map(({ items }) => items.length)

t.test('items of one turn of the event loop form one batch, in their order', async (t) => {
  const { add, rounds } = open()
  const results = add('one', 'two', 'three')
  await endOfTurn()
  t.strictSame(rounds[0]?.items, ['one', 'two', 'three'])
  await end(rounds[0])
  t.strictSame(await Promise.all(results), ['one done', 'two done', 'three done'])
})

t.test('a single item runs immediately', async (t) => {
  const { add, rounds } = open()
  for (const item of ['one', 'two']) {
    const [result] = add(item)
    await endOfTurn()
    await end(rounds.at(-1))
    t.equal(await result, resultOf(item))
  }
  t.strictSame(sizes(rounds), [1, 1])
})

t.test('items that arrive during a batch form the next one', async (t) => {
  const { add, rounds } = open()
  add('one')
  await endOfTurn()
  add('two')
  await endOfTurn()
  add('three', 'four')
  await endOfTurn()
  t.strictSame(sizes(rounds), [1], 'one at a time')
  await end(rounds[0])
  t.strictSame(rounds[1]?.items, ['two', 'three', 'four'])
  await end(rounds[1])
})

t.test('a batch has at most the maximum; the rest is the next one', async (t) => {
  const { add, rounds } = open({ sizeMax: 2 })
  const results = add('one', 'two', 'three')
  await endOfTurn()
  await end(rounds[0])
  t.strictSame(
    rounds.map(({ items }) => items),
    [['one', 'two'], ['three']],
  )
  await end(rounds[1])
  t.equal(await results[2], 'three done')
})

t.test('keys do not wait for each other', async (t) => {
  const { batches, rounds } = open()
  const results = ['deal', 'other'].map((key) => batches.add(key, 'one'))
  await endOfTurn()
  t.strictSame(
    rounds.map(({ key }) => key),
    ['deal', 'other'],
  )
  await end(rounds[1])
  t.equal(await results[1], 'one done')
  await end(rounds[0])
})

t.test('a failing batch fails all of its items, and no others', async (t) => {
  const { add, rounds } = open()
  const failing = add('one', 'two')
  await endOfTurn()
  const [later] = add('three')
  rounds[0]?.reject(new Error('no'))
  for (const result of failing) await t.rejects(result, { message: 'no' })
  await endOfTurn()
  await end(rounds[1])
  t.equal(await later, 'three done')
})

t.test('a late or failed result does not affect other items', async (t) => {
  const { add, rounds } = open()
  const [late, failing, fine] = add('late', 'failing', 'fine')
  const settled = Promise.withResolvers<string>()
  await endOfTurn()
  rounds[0]?.resolve([settled.promise, Promise.reject(new Error('no')), 'fine'])
  t.equal(await fine, 'fine')
  await t.rejects(async () => void (await failing), { message: 'no' })
  const [next] = add('next')
  await endOfTurn()
  await end(rounds[1])
  t.equal(await next, 'next done', 'the next batch does not wait for it either')
  settled.resolve('late')
  t.equal(await late, 'late')
})

t.test('an item without a result fails', async (t) => {
  const { add, rounds } = open()
  const results = add('one', 'two')
  await endOfTurn()
  rounds[0]?.resolve(['one'])
  for (const result of results) await t.rejects(result, Error)
})

t.test('an item beyond the limit of the queue is rejected', async (t) => {
  const { add, rounds } = open({ queueMax: 3 })
  const results = add('one', 'two', 'three')
  await shed(t, add('four')[0])
  await endOfTurn()
  await shed(t, add('five')[0], 'also while they are worked on')
  await end(rounds[0])
  await Promise.all(results)
  const [next] = add('six')
  await endOfTurn()
  await end(rounds[1])
  t.equal(await next, 'six done')
})

const ownClock = (t: Test): void => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
}

t.test('an item that waits too long is rejected and never processed', async (t) => {
  ownClock(t)
  const { add, rounds } = open()
  const [stuck] = add('one')
  await endOfTurn()
  mock.timers.tick(999)
  const [patient] = add('two')
  mock.timers.tick(1)
  await shed(t, stuck)
  mock.timers.tick(999)
  await shed(t, patient)
  const [later] = add('three')
  await end(rounds[0])
  t.strictSame(rounds[1]?.items, ['three'])
  await end(rounds[1])
  t.equal(await later, 'three done')
})

t.test('an item whose deadline has passed is in no batch', async (t) => {
  ownClock(t)
  const { batches, add, rounds } = open()
  const [first] = add('one')
  await endOfTurn()
  const hasty = batches.add('deal', 'hasty', Deadline.in(100))
  const [patient] = add('patient')
  mock.timers.tick(100)
  const error: unknown = await hasty.catch((error) => error)
  t.ok(error instanceof NotStarted, 'it was not started')
  await end(rounds[0])
  t.strictSame(rounds[1]?.items, ['patient'])
  await end(rounds[1])
  t.strictSame(await Promise.all([first, patient]), ['one done', 'patient done'])
  await t.rejects(batches.add('deal', 'gone', Deadline.in(0)), { code: 'DEADLINE_EXCEEDED' })
  t.equal(rounds.length, 2)
})

t.test('an item whose batch is running is never NotStarted', async (t) => {
  ownClock(t)
  const { batches, rounds } = open()
  const item = batches.add('deal', 'one', Deadline.in(100))
  await endOfTurn()
  mock.timers.tick(100)
  const error: unknown = await item.catch((error) => error)
  t.notOk(error instanceof NotStarted)
  t.match(error, { code: 'DEADLINE_EXCEEDED' })
  await end(rounds[0])
})

t.test('an unobserved failure does not end the process', async (t) => {
  ownClock(t)
  const { add, rounds } = open()
  const [given] = add('one')
  await endOfTurn()
  mock.timers.tick(1_000)
  await shed(t, given)
  rounds[0]?.resolve([Promise.reject(new Error('no'))])
  await endOfTurn()
})

t.test('closing waits for all accepted items', async (t) => {
  const { batches, add, rounds } = open({ sizeMax: 1 })
  const results = add('one', 'two')
  await endOfTurn()
  let isClosed = false
  const closed = batches.close().then(() => {
    isClosed = true
  })
  await end(rounds[0])
  t.equal(isClosed, false)
  await end(rounds[1])
  await closed
  t.strictSame(await Promise.all(results), ['one done', 'two done'])
})
