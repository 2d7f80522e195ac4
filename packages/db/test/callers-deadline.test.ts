import type { Database } from '@flash-deal/db'
import { NotStarted } from '@flash-deal/errors'
import { Deadline } from '@flash-deal/service'
import { until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { event, rows, scratch } from './scratch.ts'

/** After the caller's deadline no statement is sent, and a running one ends soon. */

const { open } = await scratch(t)
const late = { name: 'ApiError', code: 'DEADLINE_EXCEEDED', statusCode: 504 }
const unavailable = { name: 'ApiError', code: 'SERVICE_UNAVAILABLE', statusCode: 503 }

/** Observes the other connections. */
const watcher = open(t)
await rows(watcher, 'create table notes (text text primary key)')

const noted = (text: string) => rows(watcher, 'select text from notes where text = $1', [text])

const note = (db: Pick<Database, 'query'>, text: string) =>
  rows(db, 'insert into notes values ($1)', [text])

const waitingOf = (name: string): Promise<number> =>
  rows(
    watcher,
    `select from pg_stat_activity where application_name = '${name}' and wait_event_type = 'Lock'`,
  ).then(({ length }) => length)

/** Its only connection is in a transaction until the test says otherwise. */
const busy = async (t: Test, options: { timeoutMs?: number; queueMax?: number } = {}) => {
  const db = open(t, { poolMax: 1, timeoutMs: 60_000, ...options })
  const [begun, end] = [event(), event()]
  const transaction = db.transaction(async (tx) => {
    await rows(tx, 'select 1')
    begun.resolve()
    await end.promise
  })
  await Promise.race([begun.promise, transaction])
  const letEnd = (): Promise<void> => {
    end.resolve()
    return transaction
  }
  return { db, end: letEnd }
}

const ways = {
  'a statement': (db: Database, text: string) => note(db.by(Deadline.in(100)), text),
  'a single statement with something after it': (db: Database, text: string) =>
    db.by(Deadline.in(100)).autocommit(
      (single) => note(single, text),
      async () => {},
    ),
  'a transaction': (db: Database, text: string) =>
    db.by(Deadline.in(100)).transaction((tx) => note(tx, text)),
}

for (const [title, send] of Object.entries(ways)) {
  t.test(`${title} that waits beyond its deadline is never sent`, async (t) => {
    const { db, end } = await busy(t)
    const error: unknown = await send(db, title).catch((error) => error)
    t.ok(error instanceof NotStarted)
    t.match(error, unavailable)
    await end()
    await rows(db, 'select 1')
    t.strictSame(await noted(title), [])
  })
}

t.test('nothing is sent for a caller whose deadline has expired', async (t) => {
  const db = open(t).by(Deadline.in(0))
  await t.rejects(note(db, 'too late'), late)
  await t.rejects(
    db.transaction((tx) => note(tx, 'too late')),
    late,
  )
  t.strictSame(await noted('too late'), [])
})

t.test('callers that time out leave the queue', async (t) => {
  const { db, end } = await busy(t, { queueMax: 2 })
  await t.rejects(rows(db.by(Deadline.in(50)), 'select 1'), unavailable)
  const patient = rows(db, 'select 1 as one')
  await end()
  t.strictSame(await patient, [{ one: 1 }])
})

t.test('PostgreSQL ends the transaction of a caller that has timed out', async (t) => {
  const [holder, db] = [open(t), open(t, { timeoutMs: 60_000, applicationName: 'gone' })]
  const end = event()
  const held = holder.transaction(async (tx) => {
    await rows(tx, 'select pg_advisory_xact_lock(11)')
    await t.rejects(
      db
        .by(Deadline.in(300))
        .transaction((gone) => rows(gone, 'select pg_advisory_xact_lock_shared(11)')),
      late,
    )
    // It is not the pool's own time, of a minute, that ends it.
    await until(async () => (await waitingOf('gone')) === 0)
    end.resolve()
  })
  await Promise.all([held, end.promise])
  t.strictSame(await rows(db, 'select 1 as one'), [{ one: 1 }])
})

const afterDeadline = async (t: Test, name: string): Promise<void> => {
  const db = open(t)
  const [first, after] = [event(), event()]
  const seen: unknown[] = []
  const transaction = db.by(Deadline.in(200)).transaction(async (tx) => {
    await note(tx, `${name}, half`)
    first.resolve()
    await after.promise
    seen.push(await note(tx, `${name}, other half`).catch((error) => error))
  })
  await Promise.race([first.promise, transaction])
  await t.rejects(transaction, late)
  after.resolve()
  await until(async () => seen.length === 1)
  t.match(seen, [late])
  t.strictSame([await noted(`${name}, half`), await noted(`${name}, other half`)], [[], []])
}

t.test('a transaction sends no statement after its deadline', (t) => afterDeadline(t, 'late'))

t.test('the same if the timer fires before the clock has reached the deadline', (t) => {
  const now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  return afterDeadline(t, 'early timer')
})

t.test('work that completes after the deadline is rolled back', async (t) => {
  const db = open(t)
  const [done, after] = [event(), event()]
  const transaction = db.by(Deadline.in(200)).transaction(async (tx) => {
    await note(tx, 'whole')
    done.resolve()
    await after.promise
  })
  await Promise.race([done.promise, transaction])
  await t.rejects(transaction, late)
  after.resolve()
  await rows(db, 'select 1')
  t.strictSame(await noted('whole'), [])
})

t.test('the timeout of a transaction does not apply to later ones on its connection', async (t) => {
  const db = open(t, { poolMax: 1 })
  const timeout = 'select current_setting($1) as value'
  const setting = ['statement_timeout']
  const own = await db
    .by(Deadline.in(2_000))
    .transaction((tx) => rows<{ value: string }>(tx, timeout, setting))
  t.match(own, [{ value: /^1?\d{3}ms$|^2s$/ }])
  t.strictSame(await db.transaction((tx) => rows(tx, timeout, setting)), [{ value: '5s' }])
  t.strictSame(await rows(db, timeout, setting), [{ value: '5s' }])
})
