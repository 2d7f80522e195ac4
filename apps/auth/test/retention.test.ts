import { assertRefused, buildApp, freshDatabase } from '@flash-deal/testing'
import fp from 'fastify-plugin'
import t from 'tap'
import { auth } from '../src/app.ts'
import { newSession, refresh, type Session } from './client.ts'
import { asAdmin } from './rows.ts'

const database = await freshDatabase()
t.teardown(() => database.drop())
/** Two rows at a time, so that a round takes several batches. */
const settings = { RETENTION_BATCH: '2', RETENTION_PAUSE_MS: '0', KEYS_DIR: t.testdir() }
/** Without encapsulation, so that a test can start a round. */
const build = () => buildApp(t, 'auth', fp(auth), { database, settings })
const [app, other] = [await build(), await build()]

/** Moves the expiry of every token into the past by this interval. */
const pass = (interval: string) =>
  asAdmin(
    database,
    `update auth.refresh_tokens set expires_at = expires_at - interval '${interval}'`,
  )

const countOf = async (table: string): Promise<number> => {
  const [row] = await asAdmin(database, `select count(*)::int as rows from auth.${table}`)
  return Number(row?.rows)
}

const stored = async () => [await countOf('refresh_tokens'), await countOf('refresh_families')]

t.test(
  'refresh tokens and their families are stored for a day after they have expired',
  async (t) => {
    const { refresh_token } = await newSession(app)
    const successor = (await refresh(app, refresh_token)).json<Session>().refresh_token
    await pass('14 days 23 hours')
    await app.deleteOld()
    t.strictSame(await stored(), [2, 1])
    await pass('1 hour 1 minute')
    await app.deleteOld()
    t.strictSame(await stored(), [0, 0])
    for (const token of [refresh_token, successor]) {
      assertRefused(t, await refresh(app, token), 401, 'INVALID_TOKEN')
    }
  },
)

t.test(
  'a used token is stored until it expires, so that its second use revokes the family',
  async (t) => {
    const { refresh_token } = await newSession(app)
    const successor = (await refresh(app, refresh_token)).json<Session>().refresh_token
    await asAdmin(database, `update auth.refresh_tokens set used_at = used_at - interval '13 days'`)
    await app.deleteOld()
    assertRefused(t, await refresh(app, refresh_token), 401, 'INVALID_TOKEN')
    assertRefused(t, await refresh(app, successor), 401, 'INVALID_TOKEN')
  },
)

t.test('a family with a token is not deleted', async (t) => {
  const { refresh_token } = await newSession(app)
  await pass('15 days 1 hour')
  const { refresh_token: fresh } = await newSession(app)
  const [tokens] = await stored()
  t.ok(Number(tokens) > 1)
  await app.deleteOld()
  t.strictSame(await stored(), [1, 1])
  assertRefused(t, await refresh(app, refresh_token), 401, 'INVALID_TOKEN')
  t.equal((await refresh(app, fresh)).statusCode, 200)
})

t.test('several instances can delete concurrently, and leave no empty family', async (t) => {
  for (let logIn = 1; logIn <= 4; logIn++) {
    let { refresh_token } = await newSession(app)
    for (const _ of [1, 2, 3]) {
      refresh_token = (await refresh(app, refresh_token)).json<Session>().refresh_token
    }
  }
  await pass('15 days 1 hour')
  await Promise.all([app.deleteOld(), other.deleteOld(), app.deleteOld(), other.deleteOld()])
  t.strictSame(await stored(), [0, 0])
})

t.test('expired rows are found by an index', async (t) => {
  const plan = await asAdmin(
    database,
    `set enable_seqscan = off; set enable_sort = off;
    explain select from auth.refresh_tokens where expires_at < now() order by expires_at limit 2`,
  )
  t.match(JSON.stringify(plan), 'using refresh_tokens_expires_at_idx')
})
