import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Database } from '@flash-deal/db'
import { NotStarted } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { event, rows, scratch, statement } from './scratch.ts'

const { open } = await scratch(t)
const unavailable = { name: 'ApiError', code: 'SERVICE_UNAVAILABLE', statusCode: 503 }
const timeoutMs = 20_000

/** Observes the other connections. */
const watcher = open(t)

const slow = (db: Database, text: string) => db.query({ ...statement(text), isSlow: true }, [])

const waitsForLock = 'select pg_advisory_lock_shared(7), pg_advisory_unlock_shared(7)'

const waitingOf = (name: string): Promise<number> =>
  rows(
    watcher,
    `select 1 from pg_stat_activity where application_name = '${name}' and wait_event_type = 'Lock'`,
  ).then(({ length }) => length)

/** Holds the lock until the returned function is called. */
const lock = async (): Promise<() => Promise<void>> => {
  const [held, end] = [event(), event()]
  const holding = open(t, { timeoutMs }).transaction(async (tx) => {
    await rows(tx, 'select pg_advisory_xact_lock(7)')
    held.resolve()
    await end.promise
  })
  await Promise.race([held.promise, holding])
  return async () => {
    end.resolve()
    await holding
  }
}

const two = { max: 2, pipelines: false }
const apart = { quick: { max: 2, pipelines: true }, slow: two }

t.test('quick statements continue while all connections for slow ones are busy', async (t) => {
  const db = open(t, { pools: apart, timeoutMs, applicationName: 'apart' })
  const unlock = await lock()
  const waiting = Promise.all([1, 2, 3, 4].map(() => slow(db, waitsForLock)))
  await until(async () => (await waitingOf('apart')) === 2)
  t.strictSame(await rows(db, 'select 1 as one'), [{ one: 1 }])
  t.strictSame(await db.transaction((tx) => rows(tx, 'select 2 as two')), [{ two: 2 }])
  await db.ping()
  await unlock()
  t.equal((await waiting).length, 4)
})

t.test('a full queue of slow statements rejects only slow ones', async (t) => {
  const db = open(t, { pools: apart, queueMax: 3, timeoutMs })
  const unlock = await lock()
  const waiting = Promise.all([1, 2, 3].map(() => slow(db, waitsForLock)))
  await t.rejects(slow(db, 'select 1'), { ...unavailable, cause: /3 are waiting/ })
  t.strictSame(await rows(db, 'select 1 as one'), [{ one: 1 }])
  await unlock()
  await waiting
})

t.test('without separate connections slow statements delay all others', async (t) => {
  const db = open(t, { poolMax: 2, timeoutMs, applicationName: 'together' })
  const unlock = await lock()
  const waiting = Promise.all([1, 2].map(() => slow(db, waitsForLock)))
  await until(async () => (await waitingOf('together')) === 2)
  let isAnswered = false
  const quick = rows(db, 'select 1').then(() => {
    isAnswered = true
  })
  await rows(watcher, 'select 1')
  t.notOk(isAnswered)
  await unlock()
  await Promise.all([waiting, quick])
})

t.test('a slow statement in a transaction is part of it', async (t) => {
  const db = open(t, { pools: apart })
  await db.transaction(async (tx) => {
    await rows(tx, 'create temporary table seen on commit drop as select 1 as one')
    const found = await tx.query({ ...statement('select one from seen'), isSlow: true }, [])
    t.strictSame([...found], [{ one: 1 }])
  })
})

t.test('a statement that is not pipelined uses the first free connection', async (t) => {
  const db = open(t, { pools: { quick: two }, timeoutMs, applicationName: 'alone' })
  const unlock = await lock()
  const waiting = rows(db, waitsForLock)
  await until(async () => (await waitingOf('alone')) === 1)
  const others = [1, 2, 3, 4].map((n) => rows(db, 'select $1::int as n', [n]))
  t.strictSame(await Promise.all(others), [[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 4 }]])
  await unlock()
  await waiting
})

t.test('statements without a caller take turns with those of all callers', async (t) => {
  const one = { max: 1, pipelines: false }
  const db = open(t, { pools: { quick: one }, timeoutMs, applicationName: 'turns' })
  const unlock = await lock()
  const done: string[] = []
  const run = (name: string, by: Pick<Database, 'query'>) =>
    rows(by, waitsForLock).then(() => done.push(name))
  const callers = db.by(Deadline.in(60_000))
  const all = [1, 2, 3, 4].map((n) => run(`caller ${n}`, callers))
  all.push(run('sweep', db))
  await until(async () => (await waitingOf('turns')) === 1)
  await unlock()
  await Promise.all(all)
  t.strictSame(done, ['caller 1', 'caller 2', 'sweep', 'caller 3', 'caller 4'])
})

t.test('a queue that is full of callers does not reject a statement without one', async (t) => {
  const one = { max: 1, pipelines: false }
  const db = open(t, { pools: { quick: one }, queueMax: 4, timeoutMs, applicationName: 'full' })
  const unlock = await lock()
  const callers = db.by(Deadline.in(60_000))
  const served = Promise.allSettled([1, 2, 3].map(() => rows(callers, waitsForLock)))
  const last = rows(callers, waitsForLock)
  await until(async () => (await waitingOf('full')) === 1)
  const sweep = rows(db, 'select 1 as one').catch((error) => error)
  const error: unknown = await last.catch((error) => error)
  t.ok(error instanceof NotStarted, 'it was not sent')
  t.match(error, { ...unavailable, cause: /4 are waiting/ })
  await t.rejects(rows(callers, 'select 1'), unavailable)
  await unlock()
  t.strictSame(await sweep, [{ one: 1 }])
  const statuses = (await served).map(({ status }) => status)
  t.strictSame(statuses, Array(3).fill('fulfilled'))
})

t.test('neither pool exceeds its maximum of connections', async (t) => {
  const db = open(t, { pools: apart, applicationName: 'counted' })
  const all = Array.from({ length: 50 }, () => [slow(db, 'select 1'), rows(db, 'select 1')])
  await Promise.all(all.flat())
  const connections = "select 1 from pg_stat_activity where application_name = 'counted'"
  t.equal((await rows(watcher, connections)).length, 4)
  await db.close()
  await until(async () => (await rows(watcher, connections)).length === 0)
  await t.rejects(slow(db, 'select 1'), unavailable)
  await t.rejects(rows(db, 'select 1'), unavailable)
})

t.test('the wait of a statement or a transaction for its connection is reported', async (t) => {
  const waited: number[] = []
  const quick = { max: 1, pipelines: true, onQueryStart: (ms: number) => waited.push(ms) }
  const db = open(t, { pools: { quick }, timeoutMs, applicationName: 'told' })
  await db.ping()
  const unlock = await lock()
  let now = 1_000
  t.intercept(performance, 'now', { value: () => now })
  const first = rows(db, waitsForLock)
  await until(async () => (await waitingOf('told')) === 1)
  t.strictSame(waited, [0])
  now = 1_200
  const second = rows(db, 'select 1')
  const third = db.transaction((tx) => rows(tx, 'select 2'))
  now = 1_500
  await unlock()
  await Promise.all([first, second, third])
  t.strictSame(waited, [0, 300, 300])
})

/** Of these there must be none when all is done. */
const leftOpen = "application_name = 'behind' and state = 'idle in transaction'"

for (const before of [1, 98, 99, 100, 101]) {
  t.test(`a transaction has its connection, also behind ${before} statements`, async (t) => {
    const db = open(t, { poolMax: 1, queueMax: 1_000, timeoutMs, applicationName: 'behind' })
    await db.ping()
    const unlock = await lock()
    const first = rows(db, waitsForLock)
    await until(async () => (await waitingOf('behind')) === 1)
    const others = Array.from({ length: before - 1 }, () => rows(db, 'select 1'))
    // All of them have been sent by then.
    await endOfTurn()
    const transaction = db.transaction((tx) => rows(tx, 'select 2 as two'))
    await unlock()
    t.strictSame(await transaction, [{ two: 2 }])
    await Promise.all([first, ...others])
    t.strictSame(await rows(watcher, `select 1 from pg_stat_activity where ${leftOpen}`), [])
  })
}
