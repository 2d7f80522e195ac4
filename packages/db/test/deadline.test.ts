import type { Database, Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import { Link, until } from '@flash-deal/testing'
import t from 'tap'
import { event, rows, scratch } from './scratch.ts'

const { open, url } = await scratch(t)
const unavailable = { name: 'ApiError', code: 'SERVICE_UNAVAILABLE', statusCode: 503 }

/** Observes the other connections. */
const watcher = open(t)
await rows(watcher, 'create table notes (text text primary key)')

const isGone = async (where: string): Promise<boolean> =>
  (await rows(watcher, `select 1 from pg_stat_activity where ${where}`)).length === 0

const works = (db: Database): Promise<boolean> =>
  rows(db, 'select 1').then(
    () => true,
    () => false,
  )

t.test('a statement that takes too long fails with 503, and PostgreSQL cancels it', async (t) => {
  const db = open(t, { timeoutMs: 100, applicationName: 'too-slow' })
  await t.rejects(rows(db, 'select pg_sleep(600)'), unavailable)
  await until(() => isGone("application_name = 'too-slow' and state = 'active'"))
  // On a busy machine a short statement may take longer than the 100 ms, too.
  let served: unknown
  await until(async () => {
    served = await rows(db, 'select 1 as one').catch(() => undefined)
    return served !== undefined
  })
  t.strictSame(served, [{ one: 1 }])
})

t.test('503 has Retry-After, and its cause is logged', async (t) => {
  const db = open(t, { timeoutMs: 50 })
  const error: unknown = await rows(db, 'select pg_sleep(600)').catch((error) => error)
  t.ok(error instanceof ApiError && error.retryAfterS === 1 && error.cause instanceof Error)
})

t.test('a statement that waits too long for a lock fails with 503', async (t) => {
  const [holder, waiter] = [open(t), open(t, { timeoutMs: 100 })]
  await holder.transaction(async (tx) => {
    await rows(tx, 'select pg_advisory_xact_lock(1)')
    await t.rejects(rows(waiter, 'select pg_advisory_xact_lock(1)'), unavailable)
  })
})

t.test('a statement whose result is late continues: its outcome is unknown', async (t) => {
  const link = await Link.to(t, url)
  const db = open(t, { url: link.url, poolMax: 1, queueMax: 1, timeoutMs: 300 })
  const note = (text: string) => rows(db, 'insert into notes values ($1)', [text])
  await note('in time')
  link.holdAnswers()
  await t.rejects(note('late'), unavailable)
  const stored = "select text from notes where text = 'late'"
  await until(async () => (await rows(watcher, stored)).length === 1)

  await t.rejects(rows(db, 'select 1'), { ...unavailable, cause: /1 are waiting/ })
  link.restore()
  await until(() => works(db))
})

t.test('`next` completes before the result is returned', async (t) => {
  const db = open(t)
  const seen: unknown[] = []
  const insert = (db: Queryable) => rows(db, "insert into notes values ('next') returning text")
  const next = async (result: unknown) => {
    seen.push(result, await rows(watcher, "delete from notes where text = 'next' returning text"))
  }
  const stored = [{ text: 'next' }]
  t.strictSame(await db.autocommit(insert, next), stored)
  t.strictSame(await db.transaction(insert, next), stored)
  t.strictSame(seen, [stored, stored, stored, stored])
})

t.test('`next` runs after the commit, also if the caller has timed out', async (t) => {
  const link = await Link.to(t, url)
  const db = open(t, { url: link.url, poolMax: 1, timeoutMs: 300 })
  const seen: string[] = []
  const follows = async () => void seen.push('it')
  await db.ping()
  link.holdAnswers()
  const noted = "select text from notes where text = 'followed'"
  const late = db.autocommit((db) => rows(db, "insert into notes values ('followed')"), follows)
  await t.rejects(late, unavailable)
  await until(async () => (await rows(watcher, noted)).length === 1)
  t.strictSame(seen, [])
  link.restore()
  await until(async () => seen.length === 1)
})

t.test('`next` does not run after a failure', async (t) => {
  const db = open(t)
  const fails = (db: Queryable) => rows(db, 'select 1 / 0')
  const next = async () => void t.fail('it was not stored')
  await t.rejects(db.autocommit(fails, next))
  await t.rejects(db.transaction(fails, next))
})

t.test('statements beyond the queue limit are rejected immediately', async (t) => {
  const db = open(t, { poolMax: 1, queueMax: 3 })
  const [began, end] = [event(), event()]
  const transaction = db.transaction(async (tx) => {
    began.resolve()
    await end.promise
    return rows(tx, 'select 0 as n')
  })
  await began.promise
  const waiting = [1, 2].map((n) => rows(db, 'select $1::int as n', [n]))
  const shed = { ...unavailable, cause: /3 are waiting/ }
  await t.rejects(rows(db, 'select 3'), shed)
  await t.rejects(
    db.transaction(async () => {}),
    shed,
  )
  end.resolve()
  t.strictSame(await Promise.all([transaction, ...waiting]), [[{ n: 0 }], [{ n: 1 }], [{ n: 2 }]])
  t.strictSame(await rows(db, 'select 4 as n'), [{ n: 4 }], 'and there is room again')
})

t.test('failed statements release their place', async (t) => {
  const db = open(t, { queueMax: 1 })
  for (const _ of [1, 2, 3]) await t.rejects(rows(db, 'select 1 / 0'))
  await t.rejects(
    db.transaction(async () => {
      throw new Error('given up')
    }),
    /given up/,
  )
  t.strictSame(await rows(db, 'select 1 as one'), [{ one: 1 }])
})

t.test(
  'if the connection is refused, a statement, a transaction and a ping fail with 503',
  async (t) => {
    const db = open(t, { url: 'postgres://nobody@127.0.0.1:1/nothing' })
    await t.rejects(rows(db, 'select 1'), unavailable)
    await t.rejects(
      db.transaction((tx) => rows(tx, 'select 1')),
      unavailable,
    )
    await t.rejects(db.ping())
  },
)

t.test('a server that accepts and never responds counts as unavailable', async (t) => {
  const link = await Link.to(t, url)
  const db = open(t, { url: link.url, timeoutMs: 300 })
  await rows(db, 'select 1')
  link.holdAnswers()
  await t.rejects(db.ping(), unavailable)
  link.restore()
})

t.test('a pool works again after the server was unavailable', async (t) => {
  const link = await Link.to(t, url)
  const db = open(t, { url: link.url, timeoutMs: 200 })
  await db.ping()
  link.cut()
  await t.rejects(rows(db, 'select 1'), unavailable)
  await t.rejects(
    db.transaction((tx) => rows(tx, 'select 1')),
    unavailable,
  )
  link.restore()
  await until(() => works(db))
  t.strictSame(await rows(db, 'select 1 as one'), [{ one: 1 }])
})

t.test('a connection that PostgreSQL ends fails with 503 and is replaced', async (t) => {
  const db = open(t, { poolMax: 1 })
  await t.rejects(rows(db, 'select pg_terminate_backend(pg_backend_pid())'), unavailable)
  await until(() => works(db))
  t.strictSame(await rows(db, 'select 1 as one'), [{ one: 1 }])
})

const saidByPostgres = {
  '08006': 'the connection failed',
  '53300': 'too many connections',
  '55P03': 'a lock was not available',
  '57014': 'a statement was cancelled',
  '57P01': 'it shuts down',
  '57P03': 'it is starting up',
  '58030': 'a disk failed',
  '40001': 'a conflict',
  '40P01': 'a deadlock',
}
for (const [code, title] of Object.entries(saidByPostgres)) {
  t.test(`a transient error becomes 503: ${title}`, async (t) => {
    const raise = `do $$ begin raise sqlstate '${code}'; end $$`
    await t.rejects(rows(watcher, raise), { ...unavailable, cause: { code } })
  })
}

t.test('closing waits for a running statement and rejects new ones', async (t) => {
  const [holder, db] = [open(t), open(t, { applicationName: 'closing' })]
  const [began, end] = [event(), event()]
  const held = holder.transaction(async (tx) => {
    await rows(tx, 'select pg_advisory_xact_lock(2)')
    began.resolve()
    await end.promise
  })
  await began.promise
  const waits =
    "select 1 from pg_stat_activity where application_name = 'closing' and wait_event_type = 'Lock'"
  const last = rows(db, "select 'done' as state, pg_advisory_xact_lock(2)::text as lock")
  await until(async () => (await rows(watcher, waits)).length === 1)
  const closed = db.close()
  end.resolve()
  t.match(await last, [{ state: 'done' }])
  await Promise.all([closed, held])
  await t.rejects(rows(db, 'select 1'), unavailable)
})
