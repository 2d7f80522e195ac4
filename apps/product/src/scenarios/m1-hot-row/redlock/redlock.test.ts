import { randomUUID } from 'node:crypto'
import { ConfigError } from '@flash-deal/config'
import { assertRefused, Link, ownRedis, purchaseFlags, servers, until } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { adminOf, unaccounted } from '../../../../test/admin.ts'
import {
  buildProduct,
  offerDeal,
  offerProduct,
  openShop,
  orderOf,
  remainingOf,
  reserve,
  tally,
  together,
  unitsOf,
} from '../../../../test/client.ts'
import { witnessOf } from '../../../../test/witness.ts'

/** Redlock with three Valkeys, tested through the API. */

const urls = servers().redlockUrls?.split(',') ?? []
const skip = urls.length === 0 && 'there are no Valkeys for locks'
const scenarios = purchaseFlags('redlock')

/** A process whose connections to the three servers can be cut one by one. */
const openCuttable = async (t: Test, settings: Record<string, string> = {}) => {
  const lines = await Promise.all(urls.map((url) => Link.to(t, url)))
  const REDLOCK_URLS = lines.map(({ url }) => url).join()
  const shop = await openShop(t, { scenarios, settings: { ...settings, REDLOCK_URLS } })
  const isReady = async () => (await shop.app.inject('/health/ready')).statusCode === 200
  await until(isReady)
  return { ...shop, lines, isReady }
}

t.test(
  '100 concurrent buyers for 30 units, at two processes, get exactly 30',
  { skip },
  async (t) => {
    const { app, database } = await openShop(t, { scenarios })
    const other = await buildProduct(t, { database, scenarios })
    const deal = await offerDeal(app, { deal_stock: 30 })
    const results = await together(100, (n) => reserve(n % 2 ? app : other, orderOf(unitsOf(deal))))
    t.strictSame(tally(results.map(({ outcome }) => outcome)), { granted: 30, refused: 70 })
    t.strictSame([...(await unaccounted(adminOf(t, database)))], [])
    // A lock expires where a process is stalled on a busy machine; without locks it would be dozens.
    const { fenced_off: fenced = 0 } = await witnessOf(app, 'M1')
    t.ok(fenced < 5, `the locks kept them apart, the fence ${fenced}`)
  },
)

t.test('its counters show locks and waits', { skip }, async (t) => {
  const { app } = await openShop(t, { scenarios })
  const product = await offerProduct(app)
  await reserve(app, orderOf(unitsOf(product)))
  t.strictSame(await witnessOf(app, 'M1'), { redlocked: 1 })
  const locked = app.lockServers.map((server) =>
    server.lock([`lock:product:${product.id}`], 'somebody', 200),
  )
  t.strictSame(await Promise.all(locked), [true, true, true])
  await reserve(app, orderOf(unitsOf(product)))
  const { redlocked, lock_waits = 0 } = await witnessOf(app, 'M1')
  t.equal(redlocked, 2)
  t.ok(lock_waits >= 1)
})

t.test(
  'a server grants all names or none, and never the lock of another holder',
  { skip },
  async (t) => {
    const { app } = await openCuttable(t)
    const [server] = app.lockServers
    if (!server) throw new Error('There is no server.')
    const [a = '', b = '', c = ''] = Array.from({ length: 3 }, () => `test:${randomUUID()}`)
    const lock = (names: string[], token: string) => server.lock(names, token, 60_000)
    t.ok(await lock([b], 'mine'))
    t.notOk(await lock([a, b, c], 'other'))
    t.ok(await lock([a, c], 'mine'), 'nothing of it was kept')
    await server.unlock([a, b], 'other')
    t.notOk(await lock([a], 'other'))
    t.notOk(await lock([b], 'other'))
    await server.unlock([a, b, c], 'mine')
    t.ok(await lock([a, b, c], 'other'))
    t.ok(await server.lock([`${a} for a moment`], 'mine', 1))
    await until(() => lock([`${a} for a moment`], 'other'))
    await server.unlock([a, b, c, `${a} for a moment`], 'other')
  },
)

t.test('with one of the three servers unavailable orders are granted', { skip }, async (t) => {
  const { app, lines, isReady } = await openCuttable(t)
  const deal = await offerDeal(app)
  for (const line of lines) {
    line.cut()
    t.equal((await reserve(app, orderOf(unitsOf(deal)))).outcome, 'granted')
    t.ok(await isReady())
    line.restore()
    await until(isReady)
  }
  t.equal(await remainingOf(app, deal.id), 7)
})

t.test('with one of the three servers unresponsive orders are granted', { skip }, async (t) => {
  const hanging = await ownRedis(t)
  const REDLOCK_URLS = [hanging.url, ...urls.slice(1)].join()
  const { app } = await openShop(t, { scenarios, settings: { REDLOCK_URLS } })
  const deal = await offerDeal(app)
  hanging.pause()
  const results = await together(5, () => reserve(app, orderOf(unitsOf(deal))))
  hanging.resume()
  t.strictSame(tally(results.map(({ outcome }) => outcome)), { granted: 5 })
})

t.test(
  'with two servers unavailable no unit is taken, and no order is rejected as sold out',
  { skip },
  async (t) => {
    const { app, database, lines, isReady } = await openCuttable(t, { QUERY_TIMEOUT_MS: '300' })
    const deal = await offerDeal(app, { deal_stock: 1 })
    const [first, second] = lines
    first?.cut()
    second?.cut()
    const request = orderOf(unitsOf(deal))
    const { message, ...result } = await reserve(app, request)
    const { order_id } = request
    t.strictSame(result, { order_id, outcome: 'unknown', reason: 'NOT_STARTED' })
    t.match(message, /Repeat/)
    t.equal(await remainingOf(app, deal.id), 1)
    const ready = await app.inject('/health/ready')
    assertRefused(t, ready, 503, 'SERVICE_UNAVAILABLE', ['redlock'])

    first?.restore()
    await until(isReady)
    t.equal(
      (await reserve(app, request)).outcome,
      'granted',
      'when one is back, orders are granted',
    )
    t.strictSame([...(await unaccounted(adminOf(t, database)))], [])
  },
)

t.test('without three servers the boot fails with a message', async (t) => {
  for (const [REDLOCK_URLS, sentence] of [
    ['', /REDLOCK_URLS .*make run.*switch it off/],
    ['redis://a:1,redis://b:2', /REDLOCK_URLS must be redis addresses .* three/],
    ['http://a:1,http://b:2,http://c:3', /REDLOCK_URLS must be redis addresses/],
  ] as const) {
    const refusal = await openShop(t, { scenarios, settings: { REDLOCK_URLS } }).then(
      () => undefined,
      (error: unknown) => error,
    )
    t.type(refusal, ConfigError)
    t.match(refusal, { message: sentence })
  }
})

t.test('readiness checks the servers only with this variant', async (t) => {
  const { app } = await openShop(t, { settings: { REDLOCK_URLS: '' } })
  const { outcome } = await reserve(app, orderOf(unitsOf(await offerProduct(app))))
  t.equal(outcome, 'granted')
})
