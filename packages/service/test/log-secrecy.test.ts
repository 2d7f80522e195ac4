import t from 'tap'
import { appWith } from './app-with.ts'

/** Secrets in logged objects are redacted. */

const { app, lines } = await appWith(t)

const logged = (what: object): string => {
  app.log.info(what, 'something happened')
  return JSON.stringify(lines.at(-1))
}

const secret = 'swordfish'

const carriers: Record<string, object> = {
  'a field': { password: secret },
  headers: { headers: { authorization: secret, cookie: secret, 'x-internal-key': secret } },
  'a body in a request': { request: { body: { access_token: secret } } },
  'a list': { tried: [{ refresh_token: secret }] },
  'an error': { err: Object.assign(new Error('failed'), { headers: { authorization: secret } }) },
}

for (const [what, carrier] of Object.entries(carriers)) {
  t.test(`a secret in ${what} is not logged`, async (t) => {
    const line = logged(carrier)
    t.notMatch(line, secret)
    t.match(line, '[redacted]')
  })
}

t.test('other values are logged unchanged', async (t) => {
  const at = new Date(0)
  t.match(logged({ order_id: 'o1', tried: [1, { of: 2 }], at }), '"tried":[1,{"of":2}]')
  t.match(lines.at(-1), { order_id: 'o1', at: at.toISOString() })
})

t.test('an error is written with its kind, its message, its stack and its cause', async (t) => {
  const line = logged({ err: new RangeError('too much', { cause: new Error('of it') }) })
  t.match(lines.at(-1)?.err, { type: 'RangeError', message: /too much/, stack: /RangeError/ })
  t.match(line, 'of it')
})

t.test('circular objects are logged up to a limited depth', async (t) => {
  const circle: Record<string, unknown> = {}
  circle.again = circle
  t.match(logged({ circle }), 'deeper than is logged')
})
