import { storedIn } from '@flash-deal/testing'
import t from 'tap'
import { callerAt, refuses } from './client.ts'
import { callOf, namesOf, publicOperations } from './public-operations.ts'
import { bodiesFor, idIn, openShop, type Shop } from './shop.ts'
import { startSystem } from './system.ts'

const { url, database, anybody } = await startSystem(t)
const shop = await openShop(url)
// Another user with a product, a deal and an order.
const { owner: stranger, ...own } = await openShop(url)

const bodies = new Map<string, object>(Object.entries(bodiesFor(shop)))
const operations = publicOperations.filter(({ path }) => path.includes('{'))
const guarded = operations.filter(({ secured }) => secured === 'bearer')
const open = operations.filter(({ secured }) => secured === 'public')

/** What another user must not read: the owner, and what only the owner sees. */
const secretsOf = ({ owner }: Shop): string[] => [owner.id, owner.email, 'Sejong-daero', '010-1234']

t.test('this file covers every operation with an id in its path', async (t) => {
  t.strictSame(namesOf(guarded), [
    ...['updateProduct', 'updateStock', 'getOrder', 'orderEvents', 'cancelOrder'],
  ])
  t.strictSame(namesOf(open), ['getProduct', 'getStock', 'getDeal'])
  t.equal(operations.length, 8)
})

/** An id is the same however it is written. */
const spellingsOf = (id: string): string[] => [id, id.toUpperCase()]

for (const { operationId, path, method } of guarded) {
  const ids = spellingsOf(idIn(shop, path))
  const body = bodies.get(operationId)

  t.test(
    `${operationId} of another user is 403, reveals nothing and changes nothing`,
    async (t) => {
      const before = await storedIn(database)
      for (const id of ids) {
        const answer = await stranger.call(callOf({ method, path }, id), { body })
        refuses(t, answer, 403, 'FORBIDDEN')
        t.strictSame(Object.keys(answer.body).sort(), ['error', 'message', 'request_id'])
        t.equal(answer.body.message, 'This belongs to somebody else.')
      }
      t.strictSame(await storedIn(database), before)
    },
  )

  t.test(`${operationId} of another user is 403 with any forged identity header`, async (t) => {
    const before = await storedIn(database)
    for (const headers of claimsOf(shop.owner.id)) {
      const answer = await stranger.call(callOf({ method, path }, ids[0]), { body, headers })
      refuses(t, answer, 403, 'FORBIDDEN')
    }
    const query = `user_id=${shop.owner.id}&owner_id=${shop.owner.id}`
    const asked = `${callOf({ method, path }, ids[0])}?${query}`
    refuses(t, await stranger.call(asked, { body }), 403, 'FORBIDDEN')
    t.strictSame(await storedIn(database), before)
  })

  t.test(`${operationId} without a token is 401, whether there is something or not`, async (t) => {
    for (const id of [...ids, stranger.id])
      refuses(t, await anybody(callOf({ method, path }, id), { body }), 401, 'UNAUTHORIZED')
  })
}

/** Forged identities, all of which are ignored. */
const claimsOf = (id: string): Record<string, string>[] =>
  ['x-user-id', 'x_user_id', 'x-forwarded-user', 'x-original-user-id', 'user-id', 'cookie'].map(
    (name) => ({ [name]: name === 'cookie' ? `user_id=${id}` : id }),
  )

for (const { operationId, path, method } of open) {
  t.test(`${operationId} has the same response for every user, without the owner`, async (t) => {
    const call = callOf({ method, path }, idIn(shop, path))
    const seen = await stranger.call(call)
    t.equal(seen.status, 200)
    t.equal((await anybody(call)).text, seen.text)
    t.equal((await shop.owner.call(call)).text, seen.text)
    for (const secret of secretsOf(shop)) t.notOk(seen.text.includes(secret), secret)
  })
}

t.test('a deal of a product of another is 403, and moves no stock', async (t) => {
  const before = await storedIn(database)
  const body = bodies.get('createDeal')
  refuses(t, await stranger.call('POST /products/deals', { body }), 403, 'FORBIDDEN')
  t.strictSame(await storedIn(database), before)
})

t.test('lists and profile belong to the user of the token', async (t) => {
  for (const call of ['GET /orders', `GET /orders?user_id=${shop.owner.id}`]) {
    const { body } = await stranger.call(call)
    t.match(body, { total: 1, items: [{ id: own.order_id, user_id: stranger.id }] })
  }
  const { body } = await stranger.call(`GET /auth/users/me?user_id=${shop.owner.id}`)
  t.equal(body.id, stranger.id)
})

t.test('the same key of another user creates a separate order', async (t) => {
  const headers = { 'idempotency-key': 'cart-1' }
  const order = { body: bodies.get('createOrder'), headers }
  const first = await shop.owner.call('POST /orders', order)
  t.equal(first.status, 201)
  const second = await stranger.call('POST /orders', order)
  t.match(second, { status: 201, body: { user_id: stranger.id } })
  t.not(second.body.id, first.body.id)
})

t.test('the owner may do all of it (so that the rest can fail)', async (t) => {
  for (const { operationId, path, method } of operations)
    for (const id of spellingsOf(idIn(shop, path))) {
      const again = operationId === 'cancelOrder' && id !== shop.order_id
      const sent = { body: bodies.get(operationId) }
      const answer = await callerAt(url, shop.owner.token)(callOf({ method, path }, id), sent)
      t.equal(answer.status, again ? 400 : 200, `${operationId} ${answer.text}`)
    }
})
