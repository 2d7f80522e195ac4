import postgres from 'postgres'
import t, { type Test } from 'tap'
import { freshDatabase, Link, until } from '../src/index.ts'

/** A link to PostgreSQL that forwards a COMMIT and drops its response. */

const fresh = await freshDatabase()
t.teardown(() => fresh.drop())

const connect = (t: Test, url: string): postgres.Sql => {
  const sql = postgres(url, { max: 1 })
  t.teardown(() => sql.end({ timeout: 1 }))
  return sql
}

const watcher = connect(t, fresh.adminUrl)
await watcher`create table notes (text text primary key)`
const note = (sql: postgres.Sql, text: string) =>
  sql.begin((tx) => tx`insert into notes values (${text})`)

const isNoted = async (text: string): Promise<boolean> =>
  (await watcher`select from notes where text = ${text}`).count === 1

const noteAtOnce = (sql: postgres.Sql, text: string) => sql`insert into notes values (${text})`

for (const before of [0, 1]) {
  t.test(`a named statement that commits by itself, after ${before} of them`, async (t) => {
    const link = await Link.to(t, fresh.adminUrl)
    const sql = connect(t, link.url)
    const name = `at once after ${before}`
    for (let nth = 1; nth <= before; nth++) await noteAtOnce(sql, `${nth} ${name}`)
    const lost = link.loseCommits(/^insert into notes/)
    await sql`select 1`
    const outcome = t.rejects(noteAtOnce(sql, name), { code: 'CONNECTION_CLOSED' })
    await lost
    await until(() => isNoted(name))
    t.ok(await isNoted(name))
    link.restore()
    await outcome
  })
}

// A connection that has committed before sends the name of a prepared statement, and no word.
for (const commits of [0, 1, 3]) {
  t.test(`after ${commits} commits the next one takes effect without a response`, async (t) => {
    const link = await Link.to(t, fresh.adminUrl)
    const sql = connect(t, link.url)
    for (let nth = 1; nth <= commits; nth++) await note(sql, `${nth} of ${commits}`)
    const lost = link.loseCommits()
    const outcome = t.rejects(note(sql, `lost after ${commits}`), { code: 'CONNECTION_CLOSED' })
    await lost
    await until(() => isNoted(`lost after ${commits}`))
    t.ok(await isNoted(`lost after ${commits}`))
    link.restore()
    await outcome
    await note(sql, `again after ${commits}`)
  })
}
