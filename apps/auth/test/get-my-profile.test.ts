import { randomUUID } from 'node:crypto'
import { assertRefused, asUser } from '@flash-deal/testing'
import t from 'tap'
import { buildAuth, getAs, newSession } from './client.ts'
import { pemOf, rsaKeys, tokenOf } from './jws.ts'

const keys = rsaKeys()
const app = await buildAuth(t, { settings: { JWT_PRIVATE_KEY: pemOf(keys.privateKey) } })
const { access_token, user } = await newSession(app)
const url = '/auth/users/me'

t.test('the response has the registered account and no other fields', async (t) => {
  const answer = await getAs(app, url, `Bearer ${access_token}`)
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), user)
  t.strictSame(Object.keys(user).sort(), ['created_at', 'email', 'id', 'name'])
})

t.test('each user gets their own account', async (t) => {
  const other = await newSession(app)
  const answer = await getAs(app, url, `Bearer ${other.access_token}`)
  t.strictSame(answer.json(), other.user)
})

t.test('a request without a token is rejected', async (t) => {
  assertRefused(t, await getAs(app, url), 401, 'UNAUTHORIZED')
})

t.test('the token decides the account, not the identity headers', async (t) => {
  const claimed = await app.inject({ url, headers: { 'x-user-id': user.id } })
  assertRefused(t, claimed, 401, 'UNAUTHORIZED')
  assertRefused(t, await app.inject({ url, headers: asUser(user.id) }), 401, 'UNAUTHORIZED')
  const headers = { ...asUser(), authorization: `Bearer ${access_token}` }
  t.strictSame((await app.inject({ url, headers })).json(), user)
})

t.test('a valid token of a user that does not exist is rejected', async (t) => {
  const [header = '', payload = ''] = access_token.split('.')
  const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const token = tokenOf(decode(header), { ...decode(payload), sub: randomUUID() }, keys.privateKey)
  assertRefused(t, await getAs(app, url, `Bearer ${token}`), 401, 'INVALID_TOKEN')
})

t.test('an account cannot be changed here', async (t) => {
  for (const method of ['PATCH', 'DELETE', 'PUT']) {
    const headers = { authorization: `Bearer ${access_token}` }
    const answer = await app.inject({ method, url, headers })
    assertRefused(t, answer, 405, 'METHOD_NOT_ALLOWED')
    t.equal(answer.headers.allow, 'GET, HEAD')
  }
})
