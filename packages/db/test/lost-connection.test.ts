import type { Database, Queryable } from '@flash-deal/db'
import { Link, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { event, rows, scratch } from './scratch.ts'

/** A transaction whose connection is lost has ended: none of it runs on another connection. */

const { open, url } = await scratch(t)
const watcher = open(t)
const unavailable = { name: 'ApiError', code: 'SERVICE_UNAVAILABLE', statusCode: 503 }

await rows(watcher, 'create table notes (text text primary key)')

const note = (db: Queryable, text: string) => rows(db, 'insert into notes values ($1)', [text])

const notes = async (like: string): Promise<string[]> => {
  const text = 'select text from notes where text like $1 order by 1'
  return (await rows<{ text: string }>(watcher, text, [like])).map(({ text }) => text)
}

const works = (db: Database): Promise<boolean> =>
  rows(db, 'select 1').then(
    () => true,
    () => false,
  )

/** The ways a connection ends, each between two statements. */
const ends = {
  'PostgreSQL ends it': async (tx: Queryable) => {
    const [row] = await rows<{ pid: number }>(tx, 'select pg_backend_pid() as pid')
    await rows(watcher, 'select pg_terminate_backend($1)', [row?.pid])
  },
  'the network breaks': async (_: Queryable, link: Link) => {
    link.cut()
    link.restore()
  },
}

const linked = async (t: Test, timeoutMs = 2_000) => {
  const link = await Link.to(t, url)
  return { link, db: open(t, { url: link.url, poolMax: 1, timeoutMs }) }
}

for (const [title, end] of Object.entries(ends)) {
  t.test(`a transaction whose connection is lost between statements: ${title}`, async (t) => {
    const { link, db } = await linked(t)
    const [lost, goOn] = [event(), event()]
    let last: Promise<unknown> = Promise.resolve()
    const transaction = db.transaction(async (tx) => {
      await note(tx, `${title}: before`)
      await end(tx, link)
      lost.resolve()
      await goOn.promise
      last = note(tx, `${title}: after`)
      await last
    })
    const outcome = t.rejects(transaction, unavailable, 'answers 503')
    await lost.promise
    // By now the pool has another connection, which the rest of the work must not reach.
    await until(() => works(db))
    goOn.resolve()
    await outcome
    await until(() => works(db))
    await t.rejects(last)
    t.strictSame(await notes(`${title}%`), [], 'leaves nothing behind')
  })

  t.test(`work that ends after its connection was lost commits nothing: ${title}`, async (t) => {
    const { link, db } = await linked(t)
    const [lost, goOn] = [event(), event()]
    const transaction = db.transaction(async (tx) => {
      await note(tx, `${title}: work`)
      await end(tx, link)
      lost.resolve()
      await goOn.promise
    })
    const outcome = t.rejects(transaction, unavailable)
    await lost.promise
    await until(() => works(db))
    const [began, other] = [event(), event()]
    const another = db.transaction(async (tx) => {
      await note(tx, `${title}: another`)
      began.resolve()
      await other.promise
      throw new Error('given up')
    })
    await began.promise
    goOn.resolve()
    await outcome
    other.resolve()
    await t.rejects(another, /given up/, 'nor does it end the transaction of another')
    t.strictSame(await notes(`${title}%`), [])
  })
}

t.test('a connection that is lost during a statement of a transaction is 503', async (t) => {
  const { db } = await linked(t)
  for (const _ of [1, 2]) {
    const transaction = db.transaction(async (tx) => {
      await note(tx, 'under way')
      await rows(tx, 'select pg_terminate_backend(pg_backend_pid())')
    })
    await t.rejects(transaction, unavailable)
    await until(() => works(db))
  }
  t.strictSame(await notes('under way'), [])
})

t.test('work that catches the error cannot continue on another connection', async (t) => {
  const { db } = await linked(t)
  let work: Promise<unknown> = Promise.resolve()
  const stubborn = async (tx: Queryable) => {
    await rows(tx, 'select pg_terminate_backend(pg_backend_pid())').catch(() => {})
    await note(tx, 'stubborn').catch(() => {})
    await until(() => works(db))
    await note(tx, 'stubborn')
  }
  const transaction = db.transaction((tx) => {
    work = stubborn(tx)
    return work
  })
  await t.rejects(transaction, unavailable)
  // postgres.js rejects the transaction before the work has ended.
  await t.rejects(work)
  t.strictSame(await notes('stubborn'), [])
})

t.test(
  'work that idles beyond the deadline is rolled back, and the pool stays usable',
  async (t) => {
    const { db } = await linked(t, 100)
    const end = event()
    const slow = db.transaction(async (tx) => {
      await note(tx, 'slow')
      await end.promise
      await note(tx, 'slower')
    })
    await t.rejects(slow, unavailable)
    await until(() => works(db))
    end.resolve()
    for (const _ of [1, 2, 3]) t.ok(await works(db))
    t.strictSame(await notes('slow%'), [])
  },
)

// The messages that wait for a response: start-up, two of the password, the statement, its values.
for (const nth of [1, 2, 3, 4, 5]) {
  t.test(`a new connection that breaks at its message ${nth} fails its statement`, async (t) => {
    const { link, db } = await linked(t)
    link.breakAt(nth)
    // And there is no unhandled rejection, which would end the process and fail this test.
    await t.rejects(rows(db, 'select $1::int as n', [1]), unavailable)
    await until(() => works(db))
  })
}
