import { ApiError } from '@flash-deal/errors'
import t from 'tap'
import { rows, scratch, statement } from './scratch.ts'

const { open } = await scratch(t)
const db = open(t)

const selected = async (text: string, args: readonly unknown[] = []): Promise<unknown> =>
  (await rows<{ value: unknown }>(db, `select ${text} as value`, args))[0]?.value

const { MAX_SAFE_INTEGER } = Number

t.test('an int8 is a number if it is a safe integer', async (t) => {
  for (const value of [0, -1, 129_000, MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER]) {
    t.equal(await selected(`'${value}'::int8`), value)
    t.equal(await selected('$1::int8', [value]), value)
  }
})

t.test('an int8 beyond that is an error, never another number', async (t) => {
  for (const digits of ['9007199254740992', '-9007199254740992', '9223372036854775807']) {
    await t.rejects(selected(`'${digits}'::int8`), { name: 'RangeError', message: digits })
  }
})

t.test('an unsafe integer fails its statement and no later one', async (t) => {
  const single = open(t, { poolMax: 1 })
  const text = 'select n::int8 as n from unnest(array[1, 9007199254740993, 3]) n'
  for (const _ of [1, 2]) await t.rejects(rows(single, text), { name: 'RangeError' })
  t.strictSame(await rows(single, 'select 1::int8 as n'), [{ n: 1 }])
  const transaction = single.transaction((tx) => rows(tx, text))
  await t.rejects(transaction, { name: 'RangeError' })
  t.strictSame(await rows(single, 'select 2::int8 as n'), [{ n: 2 }])
})

t.test('values are returned unchanged', async (t) => {
  const time = new Date('2026-11-27T03:00:00.123Z')
  const id = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'
  const cases = [
    ['text', "it's 한글 🎧 \\ \n"],
    ['text', ''],
    ['text', null],
    ['boolean', false],
    ['int', -7],
    ['uuid', id],
    ['timestamptz', time],
  ] as const
  for (const [type, value] of cases) t.strictSame(await selected(`$1::${type}`, [value]), value)
  t.strictSame(await selected('$1::bytea', [Buffer.from([0, 255])]), Buffer.from([0, 255]))
})

t.test('arrays are returned unchanged', async (t) => {
  const ids = ['3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36', '00000000-0000-4000-8000-000000000000']
  const lists = [
    ['text', ["it's 한글 🎧 \\ \n", '', 'null', 'a,b', '{"x"}', null]],
    ['int', [-7, 0, 2_147_483_647]],
    ['bigint', [129_000, -MAX_SAFE_INTEGER]],
    ['uuid', ids],
    ['uuid', []],
    ['mood', ['glad', 'so-so']],
  ] as const
  await rows(db, "create type mood as enum ('glad', 'so-so')")
  for (const [type, values] of lists)
    t.strictSame(await selected(`to_json($1::${type}[])`, [values]), values, type)
  for (const list of [[], ids.slice(1), ids])
    t.strictSame(await selected('$1::uuid[]', [list]), list, 'ids come back as a list')
})

t.test('a value is never read as a part of its statement', async (t) => {
  const text = "'; drop table users; --"
  t.equal(await selected('$1::text', [text]), text)
})

t.test('the result has the number of affected rows', async (t) => {
  await rows(db, 'create table touched (n int)')
  const insert = statement('insert into touched select generate_series(1, $1::int)')
  t.equal((await db.query(insert, [3])).count, 3)
  const update = statement('update touched set n = n where n > $1')
  t.equal((await db.query(update, [1])).count, 2)
  t.equal((await db.query(update, [9])).count, 0)
})

t.test('a statement is prepared once per connection, for any values', async (t) => {
  const single = open(t, { poolMax: 1 })
  for (const n of [1, 2, 3]) await rows(single, 'select $1::int as marked', [n])
  const text =
    "select generic_plans + custom_plans as uses from pg_prepared_statements where statement like '%marked'"
  t.strictSame(await rows(single, text), [{ uses: 3 }])
})

const impossible = [
  ['text that is no id', '$1::uuid', 'x'],
  ['text with NUL in it', '$1::text', 'a\0b'],
  ['a number beyond int', '$1::int', 2_147_483_648],
  ['a fraction for an int', '$1::int', 1.5],
  ['a number beyond int8', '$1::int8', '9223372036854775808'],
  ['a time beyond all times', '$1::timestamptz', new Date(8.64e15)],
  ['a sum beyond int', '$1::int + 2147483647', 1],
] as const
for (const [title, text, value] of impossible) {
  t.test(`a value that no column accepts is a client error: ${title}`, async (t) => {
    const error: unknown = await selected(text, [value]).catch((error) => error)
    t.ok(error instanceof ApiError && error.code === 'VALIDATION_ERROR')
    t.match(error, { cause: { name: 'PostgresError', code: /^22/ } })
    const inTransaction = db.transaction((tx) => rows(tx, `select ${text}`, [value]))
    await t.rejects(inTransaction, { code: 'VALIDATION_ERROR' })
  })
}

t.test('an invalid statement is a server error and is thrown unchanged', async (t) => {
  for (const text of ['selec 1', 'select * from nowhere', 'insert into touched (m) values (1)']) {
    const error: unknown = await rows(db, text).catch((error) => error)
    t.notOk(error instanceof ApiError)
    t.match(error, { name: 'PostgresError', code: /^42/ })
  }
})
