import { until } from '@flash-deal/testing'
import postgres from 'postgres'
import t from 'tap'
import { comparer } from '../compare.ts'
import { bytesOf, type Wire } from '../exchange.ts'
import { startBoth, withoutGo } from '../processes.ts'

/** A deadline applies to the statement, and late requests get the same status. */

const login = (internalKey: string, deadlineMs?: number): Wire => ({
  method: 'POST',
  path: '/auth/login',
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Internal-Key', internalKey],
    ...(deadlineMs === undefined ? [] : [['X-Deadline-Ms', String(deadlineMs)] as const]),
  ],
  body: '{"email":"someone@example.com","password":"x"}',
})

const waitingStatements = async (admin: postgres.Sql): Promise<number | undefined> => {
  const [row] = await admin<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where wait_event_type = 'Lock' and state = 'active' and application_name = 'auth'`
  return row?.count
}

t.test('while a statement waits for a lock', { skip: withoutGo() }, async (t) => {
  const processes = await startBoth(t, 'auth', { QUERY_TIMEOUT_MS: '700' })
  const { compareBytes } = comparer(processes)
  const { internalKey } = processes
  const admin = postgres(processes.adminUrl, { max: 2, onnotice: () => {} })
  t.teardown(() => admin.end())
  const locked = Promise.withResolvers<void>()
  const unlock = Promise.withResolvers<void>()
  const lock = admin.begin(async (tx) => {
    await tx`lock table auth.users`
    locked.resolve()
    await unlock.promise
  })
  await locked.promise
  const compare = (title: string, wire: Wire) => compareBytes(t, title, () => bytesOf(wire))
  await compare('the deadline of the caller is 504', login(internalKey, 300))
  await compare('a deadline that has passed is 504', login(internalKey, 0))
  await compare('a deadline in the past is 504', login(internalKey, -5))
  await compare('the timeout of a statement is 503', login(internalKey))

  // The response may arrive before PostgreSQL has cancelled the statement.
  await until(
    async () => (await waitingStatements(admin)) === 0,
    'no statement waits in PostgreSQL',
  )
  t.equal(await waitingStatements(admin), 0, 'no statement waits in PostgreSQL')
  unlock.resolve()
  await lock
  await compare('afterwards both work', login(internalKey))
})
