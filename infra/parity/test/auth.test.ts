import t from 'tap'
import { send } from '../api.ts'
import { emailCases, type Known, statelessCases, userCases } from '../cases/auth.ts'
import { rawHeads } from '../cases/heads.ts'
import { comparer } from '../compare.ts'
import { type Side, startBoth, withoutGo } from '../processes.ts'

/** auth in Node and auth in Go respond to each request in the same way. */

t.test('auth in Go', { skip: withoutGo() }, async (t) => {
  const processes = await startBoth(t, 'auth')
  const { compareAll, compareBytes } = comparer(processes)
  const post = async (side: Side, path: string, body: object) =>
    (await send(processes.port[side], path, { body })).body
  const get = async (side: Side, path: string, token: string) =>
    (await send(processes.port[side], path, { token })).body

  const known = async (side: Side): Promise<Known> => {
    const credentials = { email: `user.of-${side}@example.com`, password: 'correct horse battery' }
    await post(side, '/auth/register', { ...credentials, name: `Mina of ${side}` })
    const session = await post(side, '/auth/login', credentials)
    const { access_token: accessToken = '', refresh_token: refreshToken = '' } = session
    return { ...credentials, accessToken, refreshToken }
  }

  t.test('rejects the same requests as auth in Node, with the same messages', (t) =>
    compareAll(t, () => statelessCases),
  )

  t.test('accepts the same emails', (t) => compareAll(t, () => emailCases))

  t.test('responds to malformed HTTP in the same way', async (t) => {
    for (const [title, text] of Object.entries(rawHeads))
      await compareBytes(t, title, () => Buffer.from(text))
  })

  const users = { node: await known('node'), go: await known('go') }

  t.test('responds to a user in the same way', (t) =>
    compareAll(t, (side) => userCases(users[side])),
  )

  for (const [made, used] of [
    ['node', 'go'],
    ['go', 'node'],
  ] as const) {
    t.test(`in ${used}, hashes, tokens and accounts of ${made} are valid`, async (t) => {
      const { email, password, accessToken } = users[made]
      const session = await post(used, '/auth/login', { email, password })
      t.type(session.access_token, 'string', 'a password hash')
      t.match(await get(used, '/auth/verify', accessToken), { valid: true }, 'an access token')
      t.match(await get(used, '/auth/users/me', accessToken), { email }, 'an account')
      const begun = await post(made, '/auth/login', { email, password })
      const exchanged = await post(used, '/auth/refresh', { refresh_token: begun.refresh_token })
      const again = await post(made, '/auth/refresh', { refresh_token: begun.refresh_token })
      t.type(exchanged.refresh_token, 'string', 'a refresh token')
      t.equal(again.refresh_token, exchanged.refresh_token, 'both return the same successor')
    })
  }
})
