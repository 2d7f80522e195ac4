import { type Database, isUniqueViolation, type Queryable } from '@flash-deal/db'
import { ApiError } from '@flash-deal/errors'
import t from 'tap'
import { event, rows, scratch } from './scratch.ts'

const { open } = await scratch(t)
const unavailable = { name: 'ApiError', code: 'SERVICE_UNAVAILABLE', statusCode: 503 }

await rows(open(t), 'create table counters (name text primary key, value int not null)')

const counter = async (db: Database, name: string): Promise<void> => {
  await rows(db, 'insert into counters values ($1, 0)', [name])
}

const counterOf = async (db: Queryable, name: string): Promise<number | undefined> => {
  const text = 'select value from counters where name = $1'
  return (await rows<{ value: number }>(db, text, [name]))[0]?.value
}

const raise = (code: string): string => `do $$ begin raise sqlstate '${code}'; end $$`

/** Counts the attempts of work that always fails in the same way. */
const attemptsAt = async (db: Database, text: string) => {
  let attempts = 0
  const work = async (tx: Queryable) => {
    attempts += 1
    await rows(tx, text)
  }
  const error: unknown = await db.transaction(work).catch((error) => error)
  return { attempts, error }
}

t.test('a transaction commits atomically and returns its result', async (t) => {
  const db = open(t)
  const value = await db.transaction(async (tx) => {
    await rows(tx, "insert into counters values ('whole', 1)")
    t.equal(await counterOf(tx, 'whole'), 1, 'it sees its own work')
    t.equal(await counterOf(db, 'whole'), undefined, 'nobody else does yet')
    return 42
  })
  t.strictSame([value, await counterOf(db, 'whole')], [42, 1])
})

t.test('an error of the work rolls back, is not retried, and is thrown unchanged', async (t) => {
  const db = open(t)
  for (const error of [new Error('no'), new ApiError('INSUFFICIENT_STOCK')]) {
    let attempts = 0
    const refused = db.transaction(async (tx) => {
      attempts += 1
      await rows(tx, "insert into counters values ('half', 1)")
      throw error
    })
    t.equal(await refused.catch((caught) => caught), error)
    t.strictSame([attempts, await counterOf(db, 'half')], [1, undefined])
  }
})

t.test('of two conflicting transactions one is retried and both commit', async (t) => {
  const db = open(t)
  await counter(db, 'serial')
  const bothHaveRead = event()
  let reads = 0
  const increment = (tx: Queryable) =>
    rows(tx, 'set transaction isolation level serializable').then(async () => {
      const value = await counterOf(tx, 'serial')
      reads += 1
      if (reads === 2) bothHaveRead.resolve()
      await bothHaveRead.promise
      await rows(tx, "update counters set value = $1 where name = 'serial'", [(value ?? 0) + 1])
    })
  await Promise.all([db.transaction(increment), db.transaction(increment)])
  t.strictSame([reads, await counterOf(db, 'serial')], [3, 2])
})

t.test('of two deadlocked transactions one is retried and both commit', async (t) => {
  const db = open(t)
  await Promise.all([counter(db, 'left'), counter(db, 'right')])
  const bothHoldOne = event()
  let attempts = 0
  const add = (tx: Queryable, name: string) =>
    rows(tx, 'update counters set value = value + 1 where name = $1', [name])
  const inOrder = (first: string, second: string) => async (tx: Queryable) => {
    await rows(tx, "set local deadlock_timeout = '10ms'")
    await add(tx, first)
    attempts += 1
    if (attempts === 2) bothHoldOne.resolve()
    await bothHoldOne.promise
    await add(tx, second)
  }
  await Promise.all([
    db.transaction(inOrder('left', 'right')),
    db.transaction(inOrder('right', 'left')),
  ])
  t.strictSame([await counterOf(db, 'left'), await counterOf(db, 'right')], [2, 2])
  // The one that is repeated may be quick enough to meet the other again.
  t.ok(attempts > 2, `${attempts} attempts`)
})

for (const [title, code] of [
  ['a serialization failure', '40001'],
  ['a deadlock', '40P01'],
] as const) {
  t.test(`${title} that repeats ends as 503`, async (t) => {
    const { attempts, error } = await attemptsAt(open(t), raise(code))
    t.equal(attempts, 3)
    t.match(error, unavailable)
  })
}

t.test('other errors of PostgreSQL are not retried', async (t) => {
  for (const text of [raise('23505'), raise('P0001'), 'select 1 / 0', raise('53300')]) {
    t.equal((await attemptsAt(open(t), text)).attempts, 1)
  }
})

t.test('a unique violation can be distinguished from other errors', async (t) => {
  const db = open(t)
  await counter(db, 'once')
  const twice: unknown = await counter(db, 'once').catch((error) => error)
  t.ok(isUniqueViolation(twice))
  t.notOk(isUniqueViolation(await rows(db, 'select nothing').catch((error) => error)))
  t.notOk(isUniqueViolation('23505'))
})

t.test('a single statement is not retried', async (t) => {
  await t.rejects(rows(open(t), raise('40001')), unavailable)
})
