import { mock } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { within } from '@flash-deal/service'
import t from 'tap'

const late = new Error('It took too long.')

t.beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
t.afterEach(() => mock.timers.reset())

t.test('work in time settles, and its timer is cleared', async (t) => {
  let expirations = 0
  const expired = () => {
    expirations += 1
    return late
  }
  t.equal(await within(100, Promise.resolve('done'), expired), 'done')
  const failure = new Error('It failed.')
  await t.rejects(within(100, Promise.reject(failure), expired), failure)
  mock.timers.tick(100)
  t.equal(expirations, 0)
})

t.test('work that takes longer is rejected, and its later error is ignored', async (t) => {
  const work = Promise.withResolvers<void>()
  const answer = within(100, work.promise, () => late)
  mock.timers.tick(100)
  await t.rejects(answer, late)
  // An error that nobody handles would fail this test.
  work.reject(new Error('It failed later.'))
  await nextTurn()
})
