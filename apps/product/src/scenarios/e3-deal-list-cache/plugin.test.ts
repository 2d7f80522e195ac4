import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ConfigError, type VariantOf } from '@flash-deal/config'
import { assertRefused, eachVariant, Link, purchaseFlags, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { adminOf, clockOf, endWindow, lockProducts, untilWaiting } from '../../../test/admin.ts'
import {
  buildProduct,
  callAs,
  type Deal,
  hold,
  inMs,
  offerDeal,
  openShop,
  remainingOf,
  together,
  unitsOf,
} from '../../../test/client.ts'
import { bytesOf, dealListShop, dealsOf, noRedis, nowhere } from '../../../test/deal-list.ts'
import { witnessOf } from '../../../test/witness.ts'
import { pagesInMemory } from './memory.ts'

/** Without a cache: its responses are expected of the others too. */
const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()
const { redis, redisUrl, another, withVariant } = dealListShop(t, database, 6)

/** Under this key, in Redis. */
const firstPage = 'deals:list:now::1:20'

const witness = (app: FastifyInstance) => witnessOf(app, 'E3')

/** Far from any boundary. */
const offer = (given: object = {}): Promise<Deal> =>
  offerDeal(baseline, { ends_at: inMs(3_600_000), ...given }, owner)

const pages = [
  {},
  { page: 2 },
  { size: 2 },
  { size: 2, page: 2 },
  { status: 'active' },
  { status: 'sold_out' },
  { status: 'scheduled' },
  { status: 'ended' },
  { status: 'active', size: 1, page: 2 },
]

/** Some of each status. */
const offerEach = async (): Promise<void> => {
  await together(3, () => offer())
  await offer({ starts_at: inMs(1_800_000) })
  await endWindow(sql, (await offer()).id)
  await hold(baseline, unitsOf(await offer({ deal_stock: 1 })))
}

/** The counters after two requests for the same page. */
const expectedOfTwo = {
  baseline: { database: 2 },
  optimized: { database: 1, redis_miss: 1, redis_hit: 1 },
  memory: { database: 1, memory_miss: 1, memory_hit: 1 },
} satisfies Record<VariantOf<'E3'>, Record<string, number>>

/** Fifty concurrent requests for the same page. */
const expectedOfFifty = {
  baseline: { database: 50 },
  optimized: { database: 1, redis_miss: 1 },
  memory: { database: 1, memory_miss: 1 },
} satisfies Record<VariantOf<'E3'>, Record<string, number>>

type Change = (app: FastifyInstance, deal: Deal) => Promise<unknown>

const patch =
  (payload: object): Change =>
  (app, { product_id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${product_id}`, payload })

/** The changes that an owner can make to the list. */
const changes: Record<string, Change> = {
  'a new name': patch({ name: 'Teapot' }),
  'a new price': patch({ price: 77 }),
  'a new deal': (app) => offerDeal(app, { ends_at: inMs(3_600_000) }, owner),
}

t.beforeEach(async () => {
  await sql`delete from reservation_lines`
  await sql`delete from deal_buyers`
  await sql`delete from deals`
})

for (const variant of eachVariant('E3')) {
  const skip = variant === 'optimized' && noRedis

  t.test(`${variant}: every page is, byte for byte, that of the database`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    await offerEach()
    const expected = await Promise.all(pages.map((query) => bytesOf(baseline, query)))
    t.equal(new Set(expected).size, pages.length, 'all are different')
    for (const time of ['first', 'again', 'and again']) {
      t.strictSame(await Promise.all(pages.map((query) => bytesOf(app, query))), expected, time)
    }
    // One of these pages is cached, and one is not.
    for (const url of ['/products/deals', '/products/deals?size=77']) {
      const { headers } = await app.inject(url)
      t.equal(headers['content-type'], 'application/json; charset=utf-8', url)
    }
  })

  t.test(`${variant}: its counter shows that it worked`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    t.strictSame(await witness(app), {})
    await bytesOf(app)
    await bytesOf(app)
    t.strictSame(await witness(app), expectedOfTwo[variant])
  })

  t.test(`${variant}: an owner's change is visible immediately`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const deal = await offer()
    for (const [title, change] of Object.entries(changes)) {
      const before = await dealsOf(app)
      t.strictSame(await dealsOf(app), before)
      await change(app, deal)
      const after = await dealsOf(app)
      t.strictNotSame(after, before, title)
      t.strictSame(after, await dealsOf(baseline), title)
    }
  })

  t.test(`${variant}: concurrent readers do not restore old pages`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const deal = await offer()
    let isOver = false
    const readers = together(4, async () => {
      // Without a pause, pages from memory would not let the event loop process the owner's changes.
      for (; !isOver; await nextTurn()) await bytesOf(app)
    })
    const prices = Array.from({ length: 15 }, (_, n) => n + 1)
    const seen: unknown[] = []
    for (const price of prices) {
      await patch({ price })(app, deal)
      seen.push((await dealsOf(app))[0]?.original_price)
    }
    isOver = true
    await readers
    t.strictSame(seen, prices)
  })

  t.test(
    `${variant}: a request after a change never gets a page from before it`,
    { skip },
    async (t) => {
      const app = await withVariant(t, variant)
      const query = { page: 1, size: 20, status: null }
      let next: Promise<string | Buffer> = Promise.resolve('')
      let cleared = Promise.resolve()
      const old = await app.dealList.page(query, () => {
        cleared = app.dealList.invalidate()
        next = app.dealList.page(query, () => 'read after')
        return 'read before'
      })
      await cleared
      const later = await app.dealList.page(query, () => 'read after')
      t.strictSame([old, await next, later].map(String), [
        'read before',
        'read after',
        'read after',
      ])
    },
  )

  t.test(`${variant}: a page read before a change is not cached after it`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const query = { page: 1, size: 20, status: null }
    let cleared = Promise.resolve()
    const old = await app.dealList.page(query, () => {
      cleared = app.dealList.invalidate()
      return 'read before'
    })
    await cleared
    const next = await app.dealList.page(query, () => 'read after')
    t.strictSame([old, next].map(String), ['read before', 'read after'])
  })

  t.test(`${variant}: fifty concurrent misses`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const unlock = await lockProducts(sql)
    const answers = together(50, () => bytesOf(app))
    await untilWaiting(sql, 1)
    await unlock()
    t.equal(new Set(await answers).size, 1)
    // Before the clock is known, requests that join a read use the cached page.
    t.hasStrict(await witness(app), expectedOfFifty[variant])
  })

  t.test(`${variant}: a failed read is not cached`, { skip }, async (t) => {
    const app = await withVariant(t, variant, { settings: { QUERY_TIMEOUT_MS: '300' } })
    const unlock = await lockProducts(sql)
    const refused = await app.inject('/products/deals')
    await unlock()
    assertRefused(t, refused, 503, 'SERVICE_UNAVAILABLE')
    t.equal(await bytesOf(app), await bytesOf(baseline))
  })

  t.test(`${variant}: an invalid parameter is rejected and not counted`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const refused = await app.inject('/products/deals?page=0')
    assertRefused(t, refused, 422, 'VALIDATION_ERROR', ['page'])
    t.strictSame(await witness(app), {})
  })

  for (const M1 of ['baseline', 'optimized'] as const) {
    t.test(
      `${variant}: a deal sold out by M1 ${M1} is shown so from a second on`,
      { skip },
      async (t) => {
        const app = await withVariant(t, variant, {
          scenarios: { ...purchaseFlags(M1), E7: 'optimized' },
        })
        const deal = await offer()
        t.hasStrict(await dealsOf(app), [{ status: 'active', remaining_stock: 10 }])
        await hold(app, unitsOf(deal, 10))
        const soldAt = await clockOf(sql)
        let askedAt = soldAt
        let shown: Deal[] = []
        // Repeated, so that a page is always cached.
        await until(async () => {
          askedAt = await clockOf(sql)
          shown = await dealsOf(app)
          return askedAt >= soldAt + 1_000
        })
        t.hasStrict(shown, [{ status: 'sold_out', remaining_stock: 0 }])
      },
    )
  }
}

for (const variant of ['optimized', 'memory'] as const) {
  const skip = variant === 'optimized' && noRedis

  t.test(
    `${variant}: a purchase invalidates no page, and a single deal is always current`,
    { skip },
    async (t) => {
      const app = await withVariant(t, variant)
      const deal = await offer({ deal_stock: 100 })
      let sold = 0
      // Repeated until both reads are within the lifetime of one page.
      await until(async () => {
        const before = await bytesOf(app)
        await hold(app, unitsOf(deal))
        sold += 1
        return (await bytesOf(app)) === before
      })
      t.equal(await remainingOf(app, deal.id), 100 - sold)
    },
  )
}

t.test(
  "optimized: processes share pages, and an owner's change clears them for all",
  { skip: noRedis },
  async (t) => {
    const app = await withVariant(t, 'optimized')
    const other = await another(t, 'optimized')
    const deal = await offer()
    let before = ''
    let shared = ''
    // Repeated until both read within the lifetime of one page.
    await until(async () => {
      before = await bytesOf(app)
      shared = await bytesOf(other)
      return before === shared && (await witness(other)).redis_hit !== undefined
    })
    t.equal(shared, before)
    t.hasStrict(await witness(other), { redis_hit: 1 })
    await patch({ price: 77 })(app, deal)
    t.hasStrict(await dealsOf(other), [{ original_price: 77 }])
  },
)

t.test('optimized: without Redis owners and buyers can continue', async (t) => {
  const settings = { REDIS_URL: nowhere }
  const app = await buildProduct(t, { database, settings, scenarios: { E3: 'optimized' } })
  const deal = await offer()
  for (const [title, change] of Object.entries(changes)) {
    t.strictSame(await dealsOf(app), await dealsOf(baseline))
    await change(app, deal)
    t.strictSame(await dealsOf(app), await dealsOf(baseline), title)
  }
  const { redis_away = 0, ...others } = await witness(app)
  t.ok(redis_away > 0)
  t.strictSame(others, { database: 6 })
})

t.test(
  'optimized: a change while Redis was unavailable is visible when it is back',
  { skip: noRedis },
  async (t) => {
    const line = await Link.to(t, redisUrl)
    const app = await withVariant(t, 'optimized', { settings: { REDIS_URL: line.url } })
    const deal = await offer()
    await dealsOf(app)
    await until(async () => (await redis.exists(firstPage)) === 1)
    // A page that never expires and is wrong, so that only an invalidation removes it.
    await redis.set(firstPage, '0 0 9e15\n{"items":[]}')
    t.strictSame(await dealsOf(app), [])
    line.cut()
    await until(async () => app.redis.status !== 'ready')
    await patch({ price: 77 })(app, deal)
    t.hasStrict(await dealsOf(app), [{ original_price: 77 }])
    line.restore()
    await until(async () => app.redis.status === 'ready')
    t.hasStrict(await dealsOf(app), [{ original_price: 77 }])
  },
)

t.test('optimized: without REDIS_URL the boot fails', async (t) => {
  const settings = { REDIS_URL: '' }
  const building = buildProduct(t, { database, settings, scenarios: { E3: 'optimized' } })
  t.type(await building.catch((error: unknown) => error), ConfigError)
})

t.test('memory: at most 32 MiB of pages are cached, the latest ones', async (t) => {
  const pages = pagesInMemory()
  const page = { from: 0, until: 9e15, bytes: Buffer.alloc(512 * 1_024) }
  const keys = Array.from({ length: 40 }, (_, n) => String(n))
  for (const key of keys) {
    for (const slot of ['now', 'next'] as const) await pages.write(key, slot, page, '0')
  }
  const kept = await Promise.all(keys.map(async (key) => (await pages.read(key))?.next))
  t.strictSame(
    kept.map((page) => page !== undefined),
    keys.map((_, n) => n >= 40 - 31),
  )
})

t.test('baseline and memory start without Redis', async (t) => {
  for (const E3 of ['baseline', 'memory'] as const) {
    const app = await buildProduct(t, { database, settings: { REDIS_URL: '' }, scenarios: { E3 } })
    t.equal((await app.inject('/products/deals')).statusCode, 200)
  }
})
