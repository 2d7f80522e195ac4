import { asAdmin } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { type Answer, type Caller, callerAt, newProduct, newUser, password } from './client.ts'
import { captureLog } from './log.ts'
import { callOf, publicOperations } from './public-operations.ts'
import { startSystem } from './system.ts'

const planted = {
  key: 'planted-internal-key',
  password: `${password} planted`,
  cookie: 'session=planted-cookie',
  token: 'eyJhbGciOiJFUzI1NiJ9.planted.token',
  refresh: 'planted-refresh-token',
}

const log = captureLog()
const settings = { LOG_LEVEL: 'trace', INTERNAL_KEY: planted.key, DEADLINE_MS: '2000' }
const { url, apps, database } = await startSystem(t, { settings, logStream: log.stream })
const user = await newUser(url)
const product_id = await newProduct(user, 50)
const { refresh_token } = user.session
const secrets = { ...planted, own: password, access: user.token, refreshing: refresh_token }

const headers = { cookie: planted.cookie, 'x-internal-key': planted.key, 'x-csrf-token': 'x' }
const credentials = { email: user.email, password: planted.password }

/** Bodies that carry secrets, each in its way, most of them wrong. */
const bodies: unknown[] = [
  credentials,
  { ...credentials, name: 'Mina Kim' },
  { ...credentials, password: [planted.password] },
  { ...credentials, name: 1, access_token: planted.token, cookie: planted.cookie },
  { email: planted.password, password: 1 },
  { refresh_token: planted.refresh },
  { refresh_token, password: planted.password },
  { items: [{ product_id, quantity: 1 }], shipping_address: { phone: planted.password } },
  { items: [{ product_id, quantity: 1 }] },
  [planted.password, planted.token],
  planted.password,
  `{"password":"${planted.password}",`,
  `{"password":"${planted.password}","__proto__":{}}`,
  `{"password":"${planted.password}"}${planted.token}`,
]

/** Everything that came back: a secret has no place in an error either. */
const refusals: Answer[] = []

const callersOf = (): Caller[] => [callerAt(url), callerAt(url, planted.token), user.call]

/** Every operation with every body, without a token, with an invalid one, and as a user. */
const callEverything = async (): Promise<number[]> => {
  const query = `access_token=${planted.token}&password=${encodeURIComponent(planted.password)}`
  const answers = publicOperations.flatMap(({ requestBody, ...operation }) =>
    callersOf().flatMap((caller) =>
      (requestBody ? bodies : [undefined]).map((body) =>
        caller(`${callOf(operation, product_id)}?${query}`, { body, headers }),
      ),
    ),
  )
  const all = await Promise.all(answers)
  refusals.push(...all.filter(({ status }) => status >= 400))
  return [...new Set(all.map(({ status }) => status))]
}

const lineWith = (text: string, secret: string): string | undefined =>
  text.split('\n').find((line) => line.includes(secret))

/** Asserts that no secret is in the log, in an error, or in the metrics of a service. */
const findsNone = async (t: Test): Promise<void> => {
  const figures = await Promise.all(Object.values(apps).map((app) => app.metrics.metrics()))
  const errors = refusals.map(({ text, headers }) => text + JSON.stringify([...headers]))
  t.ok(errors.length > 0)
  const texts = { log: log.text(), errors: errors.join('\n'), figures: figures.join('\n') }
  for (const [where, text] of Object.entries(texts))
    for (const [what, secret] of Object.entries({ ...secrets, hash: '$argon2' }))
      t.notOk(text.includes(secret), `${what} is in the ${where}: ${lineWith(text, secret)}`)
}

t.test('no secret is in a log line, a figure or an error, however much is logged', async (t) => {
  const statuses = await callEverything()
  for (const status of [200, 201, 400, 401, 404, 409, 422])
    t.ok(statuses.includes(status), `${status}`)
  for (const call of ['GET /nowhere', 'DELETE /orders', `GET /%ff?${planted.token}`])
    refusals.push(await callerAt(url, planted.token)(call, { headers }))
  for (const name of ['gateway', 'auth', 'product', 'order'])
    t.match(log.text(), `"name":"${name}"`, `${name} wrote lines`)
  await findsNone(t)
})

t.test('nor if PostgreSQL rejects a value', async (t) => {
  // Its complaint shows the row that it refused, with the hash of the password.
  await asAdmin(database, 'alter table auth.users add check (false) not valid')
  await asAdmin(database, 'alter table auth.refresh_tokens add check (false) not valid')
  const fresh = { email: 'new@example.com', password: planted.password, name: 'Mina Kim' }
  const own = { email: user.email, password }
  const failing = [
    await user.call('POST /auth/register', { body: fresh, headers }),
    await user.call('POST /auth/login', { body: own, headers }),
  ]
  await asAdmin(database, 'alter table auth.users rename column password_hash to elsewhere')
  failing.push(await user.call('POST /auth/login', { body: own, headers }))
  for (const { status } of failing) t.equal(status, 500)
  refusals.push(...failing)
  await findsNone(t)
})

t.test('nor if each service in turn is unavailable', async (t) => {
  for (const name of ['product', 'order', 'auth']) {
    await apps[name]?.close()
    t.ok((await callEverything()).includes(503), `without ${name}`)
  }
  await findsNone(t)
})
