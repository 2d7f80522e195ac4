import { setTimeout as sleep } from 'node:timers/promises'
import { servers } from '@flash-deal/testing'
import postgres from 'postgres'
import t from 'tap'
import { waitingBackends, watchWaits } from '../waits.ts'

/** The time that PostgreSQL's backends wait during a load. */

t.test('a backend that waits for a lock is counted', async (t) => {
  const sql = postgres(servers().databaseUrl, { max: 3 })
  const [holder, waiter] = [await sql.reserve(), await sql.reserve()]
  const sampled = Promise.withResolvers<void>()
  await holder`select pg_advisory_lock(815)`
  const waiting = waiter`select pg_advisory_lock(815)`.execute()
  const waits = watchWaits(async () => {
    const backends = await waitingBackends(sql)
    if (backends.some(({ kind }) => kind === 'Lock')) sampled.resolve()
    return backends
  })
  await sampled.promise
  const { Lock = 0 } = await waits.stop()
  t.ok(Lock > 0, `${Lock} ms`)
  await holder`select pg_advisory_unlock(815)`
  await waiting
  holder.release()
  waiter.release()
  await sql.end()
})

t.test('slow samples count for their time and do not queue', async (t) => {
  const second = Promise.withResolvers<void>()
  let [samples, underWay, most] = [0, 0, 0]
  const begin = performance.now()
  const waits = watchWaits(async () => {
    most = Math.max(most, ++underWay)
    await sleep(300)
    underWay -= 1
    if (++samples === 2) second.resolve()
    return [{ kind: 'IO', backends: 1 }]
  })
  await second.promise
  const { IO = 0 } = await waits.stop()
  // A timer may end a millisecond early.
  t.ok(IO >= 2 * 299 && IO <= performance.now() - begin, `${IO} ms`)
  t.strictSame({ samples, most }, { samples: 2, most: 1 })
})

t.test('a sample that fails is an error of the stop, and the last sample', async (t) => {
  const failed = Promise.withResolvers<void>()
  let samples = 0
  const waits = watchWaits(async () => {
    samples += 1
    setImmediate(failed.resolve)
    throw new Error('no connection')
  })
  await failed.promise
  await t.rejects(waits.stop(), { message: 'no connection' })
  await t.rejects(waits.stop(), { message: 'no connection' })
  t.equal(samples, 1)
})
