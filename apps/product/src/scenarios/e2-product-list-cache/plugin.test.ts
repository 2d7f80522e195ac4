import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ConfigError, type VariantOf } from '@flash-deal/config'
import { assertRefused, eachVariant, Link, servers, until } from '@flash-deal/testing'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { adminOf, lockProducts, untilWaiting } from '../../../test/admin.ts'
import {
  buildProduct,
  callAs,
  createDeal,
  hold,
  offerProduct,
  openShop,
  type Product,
  type ProductPage,
  productOf,
  someDeal,
  someProduct,
  together,
  unitsOf,
} from '../../../test/client.ts'
import type { CodedPage } from './seam.ts'

/** Without a cache: its responses are expected of the others too. */
const { app: baseline, database } = await openShop(t)
const sql = adminOf(t, database)
const owner = randomUUID()

/** A database of Redis that no other test file uses. */
const redisUrl = servers().redisUrl && `${servers().redisUrl}/9`
const noRedis = redisUrl === undefined && 'there is no Redis'
const nowhere = 'redis://127.0.0.1:1'

const redis = new Redis(redisUrl ?? nowhere, { lazyConnect: true })
t.teardown(() => redis.disconnect())

type Settings = Record<string, string>

/** A process with this variant, on the shared database, with an empty cache. */
const withVariant = async (
  t: Test,
  variant: VariantOf<'E2'>,
  settings: Settings = {},
): Promise<FastifyInstance> => {
  if (variant === 'optimized') await redis.flushdb()
  return anotherWith(t, variant, settings)
}

const anotherWith = async (t: Test, variant: VariantOf<'E2'>, given: Settings = {}) => {
  const settings = { ...(redisUrl && { REDIS_URL: redisUrl }), ...given }
  return whenReady(await buildProduct(t, { database, settings, scenarios: { E2: variant } }))
}

const whenReady = async (app: FastifyInstance): Promise<FastifyInstance> => {
  await until(async () => (await app.inject('/health/ready')).statusCode === 200)
  return app
}

/** A process with one connection to the database, through a link. */
const byLink = async (t: Test, E2: VariantOf<'E2'>, { url }: Link): Promise<FastifyInstance> => {
  if (E2 === 'optimized') await redis.flushdb()
  const settings = {
    ...(redisUrl && { REDIS_URL: redisUrl }),
    PRODUCT_DATABASE_URL: url,
    QUERY_TIMEOUT_MS: '300',
  }
  return whenReady(await buildProduct(t, { database, settings, scenarios: { E2, E5: '1' } }))
}

const pagesKey = 'products:list:pages'

/** The number of cached pages. The field with the empty name holds the number of their bytes. */
const cachedPages = async (): Promise<number> =>
  (await redis.hkeys(pagesKey)).filter((field) => field !== '').length

/** A page is cached after its response. */
const untilKept = () => until(async () => (await redis.exists(pagesKey)) === 1)

const listUrl = (query: Record<string, string | number>): string =>
  `/products?${Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}`

const bytesOf = async (app: FastifyInstance, query: Record<string, string | number> = {}) =>
  (await app.inject(listUrl(query))).body

const list = async (app: FastifyInstance, category: string): Promise<Product[]> =>
  (await app.inject(listUrl({ category }))).json<ProductPage>().items

/** The counters of the variant that are not zero. */
const witness = async ({ metrics }: FastifyInstance): Promise<Record<string, number>> => {
  const lines = (await metrics.metrics()).matchAll(
    /^scenario_witness_total\{scenario="E2",event="(\w+)"\} ([1-9]\d*)$/gm,
  )
  return Object.fromEntries(Array.from(lines, ([, event, count]) => [event, Number(count)]))
}

/** The counters after two requests for the same page. */
const expectedOfTwo = {
  baseline: { database: 2 },
  optimized: { database: 1, redis_miss: 1, redis_hit: 1 },
  memory: { database: 1, memory_miss: 1, memory_hit: 1 },
  single: { database: 1, memory_miss: 1, memory_hit: 1 },
} satisfies Record<VariantOf<'E2'>, Record<string, number>>

/** Fifty concurrent requests for the same page. */
const expectedOfFifty = {
  baseline: { database: 50 },
  optimized: { database: 1, redis_miss: 1 },
  memory: { database: 1, memory_miss: 1 },
  single: { database: 1, memory_miss: 1 },
} satisfies Record<VariantOf<'E2'>, Record<string, number>>

/** The changes that an owner can make to the list. */
const changes: Record<string, (app: FastifyInstance, product: Product) => Promise<unknown>> = {
  'a new product': (app, { category }) =>
    callAs(app, owner, { method: 'POST', url: '/products', payload: someProduct({ category }) }),
  'a new price': (app, { id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${id}`, payload: { price: 77 } }),
  'a new stock': (app, { id }) =>
    callAs(app, owner, { method: 'PATCH', url: `/products/${id}/stock`, payload: { delta: 5 } }),
  'a new deal': (app, { id }) => createDeal(app, owner, someDeal(id)),
}

const offerSome = async (count: number): Promise<string> => {
  const category = randomUUID()
  for (let n = 0; n < count; n += 1) await offerProduct(baseline, { owner, category })
  return category
}

const pages = async (): Promise<Record<string, string | number>[]> => {
  const [one, other] = [await offerSome(3), await offerSome(2)]
  return [
    {},
    { page: 2 },
    { size: 2 },
    { size: 2, page: 2 },
    { size: 1, page: 2 },
    { category: one },
    { category: other },
    { category: one, size: 2, page: 2 },
    { category: 'none:of:these' },
  ]
}

for (const variant of eachVariant('E2')) {
  const skip = variant === 'optimized' && noRedis

  t.test(`${variant}: every page is, byte for byte, that of the database`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const queries = await pages()
    const expected = await Promise.all(queries.map((query) => bytesOf(baseline, query)))
    t.equal(new Set(expected).size, queries.length, 'all are different')
    for (const time of ['first', 'again', 'and again']) {
      t.strictSame(await Promise.all(queries.map((query) => bytesOf(app, query))), expected, time)
    }
    // One of these pages is cached, and one is not.
    for (const url of ['/products', '/products?size=77']) {
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
    for (const [title, change] of Object.entries(changes)) {
      t.test(title, async (t) => {
        const category = await offerSome(1)
        const [before] = await list(app, category)
        t.strictSame(await list(app, category), [before])
        if (before) await change(app, before)
        const after = await list(app, category)
        t.strictNotSame(after, [before])
        t.strictSame(after, await list(baseline, category))
      })
    }
  })

  t.test(`${variant}: concurrent readers do not restore old pages`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const category = await offerSome(1)
    const [{ id } = { id: '' }] = await list(app, category)
    let isOver = false
    const readers = together(4, async () => {
      // Without a pause, pages from memory would not let the event loop process the owner's changes.
      for (; !isOver; await nextTurn()) await list(app, category)
    })
    const seen: unknown[] = []
    for (let price = 1; price <= 15; price += 1) {
      await callAs(app, owner, { method: 'PATCH', url: `/products/${id}`, payload: { price } })
      seen.push((await list(app, category))[0]?.price)
    }
    isOver = true
    await readers
    t.strictSame(
      seen,
      Array.from({ length: 15 }, (_, n) => n + 1),
    )
  })

  t.test(`${variant}: a page read before a change is not cached after it`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const query = { page: 1, size: 20, category: null, coding: 'identity' } as const
    let cleared = Promise.resolve()
    const old = await app.productList.page(query, () => {
      cleared = app.productList.invalidate()
      return 'read before'
    })
    await cleared
    const next = await app.productList.page(query, () => 'read after')
    t.strictSame([String(old.bytes), String(next.bytes)], ['read before', 'read after'])
  })

  t.test(
    `${variant}: a request after a change does not join a read from before it`,
    { skip },
    async (t) => {
      const app = await withVariant(t, variant)
      const query = { page: 1, size: 20, category: null, coding: 'identity' } as const
      let next: Promise<CodedPage> = Promise.resolve({ bytes: '', coding: 'identity' })
      const old = await app.productList.page(query, () => {
        const cleared = app.productList.invalidate()
        next = Promise.all([app.productList.page(query, () => 'read after'), cleared]).then(
          ([page]) => page,
        )
        return 'read before'
      })
      t.strictSame([String(old.bytes), String((await next).bytes)], ['read before', 'read after'])
    },
  )

  t.test(`${variant}: fifty concurrent misses`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    const unlock = await lockProducts(sql)
    const answers = together(50, () => bytesOf(app))
    await untilWaiting(sql, 1)
    await unlock()
    t.equal(new Set(await answers).size, 1)
    t.strictSame(await witness(app), expectedOfFifty[variant])
  })

  t.test(`${variant}: a failed read is not cached`, { skip }, async (t) => {
    const app = await withVariant(t, variant, { QUERY_TIMEOUT_MS: '300' })
    const unlock = await lockProducts(sql)
    const refused = await app.inject('/products')
    await unlock()
    assertRefused(t, refused, 503, 'SERVICE_UNAVAILABLE')
    t.equal(await bytesOf(app), await bytesOf(baseline))
  })

  t.test(
    `${variant}: a change that times out is visible when it is stored`,
    { skip },
    async (t) => {
      const link = await Link.to(t, database.urls.PRODUCT_DATABASE_URL)
      const app = await byLink(t, variant, link)
      const category = await offerSome(1)
      // Runs each statement once, so that the connection has prepared it.
      await offerProduct(app)
      const before = await list(app, category)
      link.holdAnswers()
      const payload = someProduct({ category })
      const late = await callAs(app, owner, { method: 'POST', url: '/products', payload })
      assertRefused(t, late, 503, 'SERVICE_UNAVAILABLE')
      await until(async () => (await list(baseline, category)).length === 2)
      if (variant === 'optimized') t.strictSame(await list(app, category), before, 'kept till then')
      link.restore()
      await until(async () => (await list(app, category)).length === 2)
    },
  )

  t.test(`${variant}: an invalid parameter is rejected and not counted`, { skip }, async (t) => {
    const app = await withVariant(t, variant)
    assertRefused(t, await app.inject('/products?page=0'), 422, 'VALIDATION_ERROR', ['page'])
    t.strictSame(await witness(app), {})
  })
}

t.test(
  'optimized: a purchase clears no page, and single products are the truth',
  { skip: noRedis },
  async (t) => {
    const app = await withVariant(t, 'optimized')
    const product = await offerProduct(app, { owner, category: randomUUID() })
    const query = { category: String(product.category) }
    const before = await bytesOf(app, query)
    await hold(app, unitsOf(product))
    t.equal(await bytesOf(app, query), before)
    t.equal((await productOf(app, product.id)).stock, product.stock - 1)
    t.hasStrict(await witness(app), { database: 1, redis_hit: 1 })
  },
)

t.test(
  'optimized: a page lives for 60 s, independently of other pages',
  { skip: noRedis },
  async (t) => {
    const app = await withVariant(t, 'optimized')
    await bytesOf(app)
    await untilKept()
    const life = await redis.ttl(pagesKey)
    t.ok(life > 50 && life <= 60, `${life} s`)
    await redis.expire(pagesKey, 10)
    await bytesOf(app, { page: 2 })
    await until(async () => (await cachedPages()) === 2)
    t.ok((await redis.ttl(pagesKey)) <= 10)
    await redis.del(pagesKey)
    await bytesOf(app)
    t.hasStrict(await witness(app), { database: 3, redis_miss: 3 })
  },
)

t.test(
  "optimized: processes share pages, and an owner's change clears them for all",
  { skip: noRedis },
  async (t) => {
    const app = await withVariant(t, 'optimized')
    const other = await anotherWith(t, 'optimized')
    const category = await offerSome(1)
    // A new process does not use the pages of earlier ones.
    for (const each of [other, app]) await list(each, randomUUID())
    const [before] = await list(app, category)
    await until(async () => (await cachedPages()) === 2)
    t.strictSame(await list(other, category), [before])
    t.hasStrict(await witness(other), { redis_hit: 1 })
    if (before) await changes['a new price']?.(app, before)
    t.hasStrict(await list(other, category), [{ price: 77 }])
  },
)

t.test(
  'optimized: a page cached while it could not be invalidated is not used',
  { skip: noRedis },
  async (t) => {
    const before = await withVariant(t, 'optimized')
    const category = await offerSome(1)
    const [product] = await list(before, category)
    await untilKept()
    if (product) await changes['a new price']?.(baseline, product)
    const after = await anotherWith(t, 'optimized')
    t.hasStrict(await list(after, category), [{ price: 77 }])
  },
)

t.test('optimized: beyond 32 MB no page is cached', { skip: noRedis }, async (t) => {
  const app = await withVariant(t, 'optimized')
  await bytesOf(app)
  await untilKept()
  const [bytes, length] = [await redis.hget(pagesKey, ''), (await bytesOf(app)).length]
  t.equal(bytes, String(length))
  await redis.hset(pagesKey, '', 32 * 1_024 * 1_024 - length)
  const query = { page: 1, size: 1, coding: 'identity' } as const
  const read = (category: string, page: string) =>
    app.productList.page({ ...query, category }, () => page)
  await read('too long', 'x'.repeat(length + 1))
  await read('just so', 'x'.repeat(length))
  await until(async () => (await cachedPages()) === 2)
  await read('too much', 'x')
  await read('just so', 'read again')
  t.hasStrict(await witness(app), { redis_miss: 4, redis_hit: 2 })
  t.strictSame((await redis.hkeys(pagesKey)).filter((field) => field.endsWith('just so')).length, 1)
  t.equal(await cachedPages(), 2)
})

t.test('memory: beyond 32 MB the oldest page is evicted', async (t) => {
  const app = await withVariant(t, 'memory')
  const large = 'x'.repeat(9_000_000)
  for (const page of [1, 2, 3, 4, 1])
    await app.productList.page({ page, size: 1, category: null, coding: 'identity' }, () => large)
  t.strictSame(await witness(app), { database: 5, memory_miss: 5 })
})

t.test('optimized: without Redis the list is read from the database', async (t) => {
  const settings = { REDIS_URL: nowhere }
  const app = await buildProduct(t, { database, settings, scenarios: { E2: 'optimized' } })
  t.equal(await bytesOf(app), await bytesOf(baseline))
  const { redis_away = 0, ...others } = await witness(app)
  t.ok(redis_away > 0)
  t.strictSame(others, { database: 1 })
})

t.test('optimized: without Redis owners can change their products', async (t) => {
  const settings = { REDIS_URL: nowhere }
  const app = await buildProduct(t, { database, settings, scenarios: { E2: 'optimized' } })
  const category = await offerSome(1)
  const [before] = await list(app, category)
  for (const [title, change] of Object.entries(changes)) {
    if (before) t.match(await change(app, before), { statusCode: /^20[01]$/ }, title)
    t.strictSame(await list(app, category), await list(baseline, category))
  }
})

t.test(
  'optimized: a change while Redis was unavailable is visible when it is back',
  { skip: noRedis },
  async (t) => {
    const line = await Link.to(t, redisUrl ?? nowhere)
    const app = await withVariant(t, 'optimized', { REDIS_URL: line.url })
    const category = await offerSome(1)
    const [before] = await list(app, category)
    line.cut()
    await until(async () => app.redis.status !== 'ready')
    if (before) await changes['a new price']?.(app, before)
    t.hasStrict(await list(app, category), [{ price: 77 }])
    line.restore()
    await until(async () => app.redis.status === 'ready')
    t.hasStrict(await list(app, category), [{ price: 77 }])
    t.hasStrict(await list(app, category), [{ price: 77 }])
    t.hasStrict(await witness(app), { redis_hit: 1, redis_miss: 2 }, 'and it is used again')
  },
)

t.test(
  'optimized: a clearing that failed is owed, also when another succeeded',
  { skip: noRedis },
  async (t) => {
    const app = await withVariant(t, 'optimized')
    await bytesOf(app)
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const answers = [first.promise, second.promise]
    const exec = () => answers.shift()
    const value = () => ({ incr: () => ({ del: () => ({ exec }) }) })
    const { restore } = t.intercept(app.redis, 'multi', { value })
    const invalidations = [app.productList.invalidate(), app.productList.invalidate()]
    first.resolve()
    second.reject(new Error('The connection was lost.'))
    await Promise.all(invalidations)
    restore()
    await bytesOf(app)
    t.hasStrict(await witness(app), { redis_miss: 2, redis_away: 1 })
  },
)

t.test('optimized: without REDIS_URL the boot fails with a message', async (t) => {
  const settings = { REDIS_URL: '' }
  const refusal = await buildProduct(t, {
    database,
    settings,
    scenarios: { E2: 'optimized' },
  }).then(
    () => undefined,
    (error: unknown) => error,
  )
  t.type(refusal, ConfigError)
  const ways = ['REDIS_URL', 'valkey-server or redis-server', 'pip', 'switch the scenario off']
  for (const way of ways) t.match(refusal, { message: way })
})

t.test('the other variants start without Redis', async (t) => {
  for (const E2 of ['baseline', 'memory', 'single'] as const) {
    const app = await buildProduct(t, { database, settings: { REDIS_URL: '' }, scenarios: { E2 } })
    t.equal((await app.inject('/products')).statusCode, 200)
  }
})

t.test('memory: a page is cached for a second, and a purchase invalidates none', async (t) => {
  const app = await withVariant(t, 'memory')
  const product = await offerProduct(app, { owner, category: randomUUID() })
  const query = { category: String(product.category) }
  let now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  const before = await bytesOf(app, query)
  await hold(app, unitsOf(product))
  now += 999
  t.equal(await bytesOf(app, query), before)
  now += 1
  t.equal(await bytesOf(app, query), await bytesOf(baseline, query))
  t.strictSame(await witness(app), { database: 2, memory_miss: 2, memory_hit: 1 })
})
