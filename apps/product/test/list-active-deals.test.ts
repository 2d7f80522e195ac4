import { randomUUID } from 'node:crypto'
import { assertRefused } from '@flash-deal/testing'
import t from 'tap'
import { adminOf, endWindow } from './admin.ts'
import {
  buildProduct,
  type Deal,
  type DealPage,
  dealOf,
  hold,
  inMs,
  offerDeal,
  openShop,
  unitsOf,
} from './client.ts'
import { rejectsUserWithoutKey } from './refusals.ts'

const { app, database } = await openShop(t)
const sql = adminOf(t, database)

const list = async (query: Record<string, string> = {}): Promise<DealPage> =>
  (await app.inject({ url: '/products/deals', query })).json<DealPage>()

const idsOf = ({ items }: Pick<DealPage, 'items'>): string[] => items.map(({ id }) => id)

t.beforeEach(async () => {
  await sql`delete from reservation_lines`
  await sql`delete from deal_buyers`
  await sql`delete from deals`
})

/** One of each status. */
const offerEach = async (): Promise<Record<Deal['status'], Deal>> => {
  const [scheduled, active, soldOut, past] = await Promise.all([
    offerDeal(app, { starts_at: inMs(30_000) }),
    offerDeal(app),
    offerDeal(app, { deal_stock: 1, starts_at: inMs(-90_000) }),
    offerDeal(app),
  ])
  await endWindow(sql, past.id)
  const ended = await dealOf(app, past.id)
  await hold(app, unitsOf(soldOut))
  const sold_out = { ...soldOut, remaining_stock: 0, status: 'sold_out' } as const
  return { scheduled, active, sold_out, ended }
}

t.test('without deals the page is empty', async (t) => {
  const answer = await app.inject('/products/deals')
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), { items: [], total: 0, page: 1, size: 20 })
})

t.test('deals in their window are listed, including sold-out ones', async (t) => {
  const { active, sold_out } = await offerEach()
  t.strictSame(await list(), { items: [sold_out, active], total: 2, page: 1, size: 20 })
})

t.test('deals can be filtered by status', async (t) => {
  for (const [status, deal] of Object.entries(await offerEach())) {
    t.strictSame(await list({ status }), { items: [deal], total: 1, page: 1, size: 20 })
  }
})

t.test('deals are ordered by their start, not by their creation', async (t) => {
  const deals: Deal[] = []
  for (const s of [50, 30, 40]) deals.push(await offerDeal(app, { starts_at: inMs(s * 1_000) }))
  const [last = '', first = '', second = ''] = idsOf({ items: deals })
  t.strictSame(idsOf(await list({ status: 'scheduled' })), [first, second, last])
})

t.test('the pages together have every deal once, also of those that start together', async (t) => {
  const starts_at = inMs(-60_000)
  const deals = await Promise.all(Array.from({ length: 5 }, () => offerDeal(app, { starts_at })))
  const pages = await Promise.all(['1', '2', '3'].map((page) => list({ page, size: '2' })))
  t.strictSame(pages.flatMap(idsOf), idsOf({ items: deals }).sort())
  t.strictSame(
    pages.map(({ items, total, page, size }) => [items.length, total, page, size]),
    [
      [2, 5, 1, 2],
      [2, 5, 2, 2],
      [1, 5, 3, 2],
    ],
  )
})

t.test('a page beyond the last one is empty', async (t) => {
  await offerDeal(app)
  const page = '2147483647'
  t.strictSame(await list({ page, size: '100' }), {
    items: [],
    total: 1,
    page: Number(page),
    size: 100,
  })
})

t.test('page and total are consistent during concurrent inserts', async (t) => {
  const other = await buildProduct(t, { database })
  const query = app.db.query.bind(app.db)
  let turn: Promise<unknown> = Promise.resolve()
  const value = (...asked: Parameters<typeof query>) => {
    const rows = turn.then(() => query(...asked))
    turn = rows.then(() => offerDeal(other))
    return rows
  }
  t.intercept(app.db, 'query', { value })
  for (const page of ['1', '2', '2', '5', '9']) {
    const { items, total } = await list({ page, size: '1' })
    t.equal(items.length, total < Number(page) ? 0 : 1, `${total} in all, and page ${page}`)
  }
  const { items, total } = await list({ size: '100' })
  t.equal(items.length, total)
  await turn
})

t.test('a new deal is listed immediately', async (t) => {
  const before = await list()
  const deal = await offerDeal(app, {}, randomUUID())
  t.strictSame([before.total, idsOf(await list())], [0, [deal.id]])
})

const refused = {
  page: ['0', '-1', '1.5', 'x', '2147483648'],
  size: ['0', '101', 'x'],
  status: ['', 'open', 'ACTIVE', 'active,ended'],
}

for (const [name, values] of Object.entries(refused)) {
  t.test(`an invalid ${name} is rejected, and the field is named`, async (t) => {
    for (const value of values) {
      const answer = await app.inject({ url: '/products/deals', query: { [name]: value } })
      assertRefused(t, answer, 422, 'VALIDATION_ERROR', [name])
    }
  })
}

t.test('a user id without the internal key is rejected', async (t) => {
  await rejectsUserWithoutKey(t, app, { method: 'GET', url: '/products/deals' })
})
