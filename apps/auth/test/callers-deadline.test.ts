import { asService, assertRefused, freshDatabase } from '@flash-deal/testing'
import postgres from 'postgres'
import t from 'tap'
import { buildAuth, logIn, refresh, register, type Session, someone } from './client.ts'

/** The deadline of a request ends its transactions too. */

const database = await freshDatabase()
t.teardown(() => database.drop())
const sql = postgres(database.adminUrl, { max: 1 })
t.teardown(() => sql.end({ timeout: 1 }))
const app = await buildAuth(t, { database })
const { email, password, name } = someone()
await register(app, { email, password, name })
const { refresh_token } = (await logIn(app, { email, password })).json<Session>()

const requests = {
  '/auth/login': { email, password },
  '/auth/refresh': { refresh_token },
}

for (const [url, payload] of Object.entries(requests)) {
  t.test(`${url} waits for a lock no longer than its deadline`, (t) =>
    sql.begin(async (tx) => {
      await tx`lock table auth.refresh_tokens`
      const headers = { ...asService(), 'x-deadline-ms': '300' }
      const answer = await app.inject({ method: 'POST', url, payload, headers })
      assertRefused(t, answer, 504, 'DEADLINE_EXCEEDED')
    }),
  )
}

t.test('a refresh that was too late has not used its token', async (t) => {
  const strict = await buildAuth(t, { database, settings: { REFRESH_GRACE_MS: '0' } })
  t.equal((await refresh(strict, refresh_token)).statusCode, 200)
})
