import t from 'tap'
import { buildAuth, getAs, newSession, refresh, type Session, verify } from './client.ts'

/** Few connections make auth slower, and nothing else. */

for (const E5 of ['1', 'optimized'] as const) {
  t.test(`${E5}: many users register, log in and refresh their tokens concurrently`, async (t) => {
    const app = await buildAuth(t, { scenarios: { E5 } })
    const sessions = await Promise.all(Array.from({ length: 6 }, () => newSession(app)))
    const renewed = await Promise.all(
      sessions.map(({ refresh_token }) => refresh(app, refresh_token)),
    )
    for (const [at, answer] of renewed.entries()) {
      const { access_token } = answer.json<Session>()
      t.equal((await verify(app, access_token)).statusCode, 200)
      const profile = await getAs(app, '/auth/users/me', `Bearer ${access_token}`)
      t.strictSame(profile.json(), sessions[at]?.user)
    }
  })
}
