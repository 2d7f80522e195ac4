import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment } from '@flash-deal/config'
import { freshDatabase } from '@flash-deal/testing'
import postgres from 'postgres'
import t from 'tap'

/** `npm run invariants` on a new database. */

const database = await freshDatabase()
t.teardown(() => database.drop())
const sql = postgres(database.adminUrl, { max: 1 })
t.teardown(() => sql.end({ timeout: 1 }))

const invariants = async (settings: Record<string, string>, args: string[] = []) => {
  const program = join(import.meta.dirname, '../invariants.ts')
  const env = { ...environment(), ...settings }
  const run = spawn(process.execPath, [program, ...args], { env })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  run.on('exit', resolve)
  const [out, error, code] = await Promise.all([text(run.stdout), text(run.stderr), promise])
  return { out, error, code }
}

t.test('if nothing runs it prints a message and creates no files', async (t) => {
  const state = t.testdir({})
  const settings = { STATE_DIR: state, PRODUCT_DATABASE_URL: '', ORDER_DATABASE_URL: '' }
  t.strictSame(await invariants(settings), {
    out: '',
    error: `No system is running with the state folder ${state}. Start it with make run.\n`,
    code: 1,
  })
  t.notOk(existsSync(join(state, 'secrets.env')))
})

t.test('the error for unreadable tables is one sentence without a password', async (t) => {
  const address = 'postgres://product_service:the-password@127.0.0.1:1/flash_deal'
  const settings = { PRODUCT_DATABASE_URL: address, ORDER_DATABASE_URL: address }
  const { error, code } = await invariants(settings)
  t.match(error, /^The tables at 127\.0\.0\.1:1 cannot be read \(ECONNREFUSED\)\. .*\n$/)
  t.equal(code, 1)
})

t.test('without violations the table says that all invariants hold', async (t) => {
  const { out, code } = await invariants(database.urls, ['--at-rest'])
  for (const id of ['I1', 'I2', 'I2b', 'I3', 'I4', 'I5', 'I6', 'I7', 'I7b']) {
    t.match(out, new RegExp(`│ ${id} +│.*│ ok `))
  }
  t.match(out, /allocated 0, remaining 0/)
  t.match(out, /\nEvery invariant holds\.\n$/)
  t.equal(code, 0)
})

t.test('a late hold is a warning, and a violation after the grace', async (t) => {
  const hold = (age: string) => sql`
    insert into product.reservations (order_id, user_id, state, expires_at)
    values (${randomUUID()}, ${randomUUID()}, 'held', now() - ${age}::interval)`
  await hold('2 s')
  const late = await invariants(database.urls)
  t.match(late.out, /Warning \(I6\): 1 held reservations .*\.\nEvery invariant holds\.\n$/)
  t.equal(late.code, 0)
  await hold('1 hour')
  const tooLate = await invariants(database.urls)
  t.match(tooLate.out, /I6 order \S+: held 36\d{5} ms beyond its time\nThe invariant I6 is broken/)
  t.equal(tooLate.code, 1)
})

t.test('the first violations are listed, the rest counted', async (t) => {
  await sql`insert into orders.outbox (order_id, kind)
    select gen_random_uuid(), 'confirmed' from generate_series(1, 5)`
  const { out, code } = await invariants(database.urls, ['--at-rest'])
  t.equal(out.match(/^I7b order /gm)?.length, 3)
  t.match(out, /^I7b and 2 more$/m)
  t.match(out, /\nThe invariants I6, I7, I7b are broken\.\n$/)
  t.equal(code, 1)
})
