import { randomUUID } from 'node:crypto'
import { assertRefused, until } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, endWindow } from './admin.ts'
import {
  type Deal,
  dealOf,
  hold,
  inMs,
  offerDeal,
  offerProduct,
  openShop,
  release,
  unitsOf,
} from './client.ts'
import { rejectsMalformedIds, rejectsUserWithoutKey } from './refusals.ts'

const { app, database } = await openShop(t)
const sql = adminOf(t, database)
const call = (id: string) => ({ method: 'GET', url: `/products/deals/${id}` }) as const
const statusOf = async ({ id }: Deal) => (await dealOf(app, id)).status

t.test('every client can read a deal', async (t) => {
  const deal = await offerDeal(app, { per_user_limit: 2 })
  const answer = await app.inject(call(deal.id))
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), deal)
  t.strictSame(await dealOf(app, deal.id.toUpperCase()), deal, 'an id may be in capitals')
})

t.test('the response does not contain the owner', async (t) => {
  const owner = randomUUID()
  const { id } = await offerDeal(app, {}, owner)
  t.notMatch((await app.inject(call(id))).body, owner)
})

t.test('the remaining units are current after a purchase and its release', async (t) => {
  const deal = await offerDeal(app, { deal_stock: 10 })
  const { order_id } = await hold(app, unitsOf(deal, 3))
  t.hasStrict(await dealOf(app, deal.id), { remaining_stock: 7, deal_stock: 10 })
  await release(app, order_id)
  t.hasStrict(await dealOf(app, deal.id), { remaining_stock: 10, deal_stock: 10 })
})

t.test('before its window a deal is scheduled, inside active, after it ended', async (t) => {
  t.equal((await offerDeal(app, { starts_at: inMs(30_000) })).status, 'scheduled')
  t.equal((await offerDeal(app)).status, 'active')
  const past = await offerDeal(app)
  await endWindow(sql, past.id)
  t.equal(await statusOf(past), 'ended')
})

t.test('a deal opens and ends at its times', async (t) => {
  const at = inMs(1_000)
  const [opening, ending] = await Promise.all([
    offerDeal(app, { starts_at: at }),
    offerDeal(app, { ends_at: at }),
  ])
  t.strictSame([opening.status, ending.status], ['scheduled', 'active'])
  await until(async () => (await statusOf(opening)) === 'active')
  await until(async () => (await statusOf(ending)) === 'ended')
  t.ok(Date.now() >= Date.parse(at), 'and not before')
})

t.test('a deal without units is sold_out until units are returned', async (t) => {
  const deal = await offerDeal(app, { deal_stock: 2 })
  const { order_id } = await hold(app, unitsOf(deal, 2))
  t.hasStrict(await dealOf(app, deal.id), { status: 'sold_out', remaining_stock: 0 })
  await release(app, order_id)
  t.hasStrict(await dealOf(app, deal.id), { status: 'active', remaining_stock: 2 })
})

t.test('an unknown deal is not found, and neither is the id of a product', async (t) => {
  assertRefused(t, await app.inject(call(randomUUID())), 404, 'NOT_FOUND')
  const { id } = await offerProduct(app)
  assertRefused(t, await app.inject(call(id)), 404, 'NOT_FOUND')
})

t.test('a malformed id is rejected', (t) => rejectsMalformedIds(t, app, 'deal_id', call))

t.test('a user id without the internal key is rejected', async (t) => {
  const { id } = await offerDeal(app)
  await rejectsUserWithoutKey(t, app, call(id))
})
