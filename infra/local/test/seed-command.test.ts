import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { environment } from '@flash-deal/config'
import { freshDatabase, servers } from '@flash-deal/testing'
import postgres from 'postgres'
import t from 'tap'

/** `npm run seed`: arguments and output. */

const database = await freshDatabase()
t.teardown(() => database.drop())

const here = { DATABASE_URL: servers().databaseUrl, DATABASE_NAME: database.name }

const seed = async (args: string[], settings: Record<string, string> = here) => {
  const program = join(import.meta.dirname, '../seed-command.ts')
  const run = spawn(process.execPath, [program, ...args], {
    env: { ...environment(), ...settings },
  })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  run.on('exit', resolve)
  const [out, error, code] = await Promise.all([text(run.stdout), text(run.stderr), promise])
  return { out, error, code }
}

const refused: Record<string, [string[], RegExp]> = {
  'a word for a number': [['--products', 'many'], /^--products takes a whole number from 1 to /],
  'no product': [['--products', '0'], /^--products takes a whole number from 1 to /],
  'no user': [['--users', '0'], /^--users takes a whole number from 1 to /],
  'half an order': [['--orders', '1.5'], /^--orders takes a whole number from 0 to /],
  'too large a seed': [['--seed', '2147483648'], /^--seed takes a whole number from 0 to /],
  'an option that is none': [['--sellers', '5'], /^Unknown option '--sellers'\.\nUsage: /],
  'an option without its number': [
    ['--seed'],
    /^Option '--seed <value>' argument missing\.\nUsage/,
  ],
  'a word too many': [['everything'], /^Unexpected argument 'everything'\.\nUsage: /],
}
for (const [title, [args, sentence]] of Object.entries(refused)) {
  t.test(`${title} is rejected with a message`, async (t) => {
    t.match(await seed(args), { out: '', error: sentence, code: 1 })
  })
}

t.test('if nothing runs it prints a message', async (t) => {
  const state = t.testdir({})
  const { error, code } = await seed([], { DATABASE_URL: '', STATE_DIR: state })
  t.equal(
    error,
    `No system is running with the state folder ${state}. Start it with make run, or set DATABASE_URL.\n`,
  )
  t.equal(code, 1)
})

t.test('a database without tables is one message without the password', async (t) => {
  const { error } = await seed([], { ...here, DATABASE_NAME: 'nobody_made_this' })
  const { host } = new URL(here.DATABASE_URL)
  t.equal(
    error,
    `Nothing was added to ${host}/nobody_made_this. Its tables do not exist. Run npm run migrate first.\n`,
  )
})

t.test('it seeds the database of DATABASE_URL, and prints how to log in', async (t) => {
  const args = ['--products', '300', '--orders', '200', '--users', '10', '--seed', '3']
  const { out, code } = await seed(args)
  t.equal(code, 0)
  t.match(out, /^Adding 300 products, 200 orders and 10 users of seed 3 …\n/)
  t.match(out, /\n100 % of the rows, \d+ s\n/)
  t.match(out, /\nbuyer-1@seed-3\.example\.com .* the password flash-deal-demo; .*one hash/)
  const sql = postgres(database.adminUrl, { max: 1 })
  const [row] = await sql`select count(*)::int as rows from product.products`
  await sql.end()
  t.equal(row?.rows, 300)
})

t.test('a second time is an error', async (t) => {
  const { error, code } = await seed(['--seed', '3'])
  t.match(error, /^The data of seed 3 exists\./)
  t.equal(code, 1)
})
