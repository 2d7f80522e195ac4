import { randomUUID } from 'node:crypto'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Scenarios } from '@flash-deal/config'
import { assertRefused, eachVariant, servers, until } from '@flash-deal/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { buildProduct, callAs, offerProduct, openShop, together } from '../../../test/client.ts'
import { witnessOf } from '../../../test/witness.ts'

const { app: baseline, database } = await openShop(t)
const owner = randomUUID()
const category = randomUUID()
const description = 'Light and quiet, for those who have far to go. '.repeat(20)
for (let count = 0; count < 3; count += 1)
  await offerProduct(baseline, { owner, category, description })

/** A database of Redis that no other test file uses. */
const redisUrl = servers().redisUrl && `${servers().redisUrl}/10`
const noRedis = redisUrl === undefined && 'there is no Redis'
const nowhere = 'redis://127.0.0.1:1'
const redis = new Redis(redisUrl ?? nowhere, { lazyConnect: true })
t.teardown(() => redis.disconnect())

const startWith = async (
  t: Test,
  scenarios: Partial<Scenarios>,
  REDIS_URL = redisUrl ?? nowhere,
) => {
  if (scenarios.E2 === 'optimized' && REDIS_URL === redisUrl) await redis.flushdb()
  return buildProduct(t, { database, settings: { REDIS_URL }, scenarios })
}

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  gzip: gunzipSync,
}
const codings = Object.keys(decoders)

const url = `/products?category=${category}`
const ask = (app: FastifyInstance, coding?: string, path = url, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({
    method,
    url: path,
    headers: coding === undefined ? {} : { 'accept-encoding': coding },
  })

const codingOf = ({ headers }: LightMyRequestResponse) => headers['content-encoding'] ?? 'identity'
const read = (answer: LightMyRequestResponse): string =>
  String((decoders[`${codingOf(answer)}`] ?? ((bytes) => bytes))(answer.rawPayload))

const caches = eachVariant('E2').filter((variant) => variant !== 'baseline')
const skipFor = (variant: string) => variant === 'optimized' && noRedis

for (const E2 of eachVariant('E2')) {
  for (const E6 of eachVariant('E6')) {
    const isKept = E2 !== 'baseline' && E6 === 'optimized'

    t.test(
      `E2 ${E2}, E6 ${E6}: a page has the same content in every coding, cached or not`,
      { skip: skipFor(E2) },
      async (t) => {
        const app = await startWith(t, { E2, E6 })
        for (const path of [url, `${url}&page=2&size=2`, '/products?category=none', '/products']) {
          const expected = (await ask(baseline, undefined, path)).body
          for (const coding of [...codings, undefined, 'identity', 'deflate', ...codings]) {
            const answer = await ask(app, coding, path)
            const isCoded = isKept && coding !== undefined && codings.includes(coding)
            t.equal(codingOf(answer), isCoded ? coding : 'identity')
            t.equal(read(answer), expected, `${path} ${coding}`)
            t.equal(answer.headers['content-length'], `${answer.rawPayload.length}`)
            t.equal(answer.headers.vary, E6 === 'optimized' ? 'accept-encoding' : undefined)
          }
        }
      },
    )
  }
}

for (const E7 of eachVariant('E7')) {
  t.test(`E7 ${E7}: the compressed page has the same content`, async (t) => {
    const expected = (await ask(await startWith(t, { E7 }))).body
    for (const E2 of eachVariant('E2').filter((variant) => !skipFor(variant))) {
      const app = await startWith(t, { E2, E6: 'optimized', E7 })
      for (const coding of [...codings, ...codings])
        t.equal(read(await ask(app, coding)), expected, `${E2} ${coding}`)
    }
  })
}

for (const E2 of caches) {
  const skip = skipFor(E2)
  const start = (t: Test) => startWith(t, { E2, E6: 'optimized' })

  t.test(`E2 ${E2}: fifty concurrent requests compress a page once`, { skip }, async (t) => {
    const app = await start(t)
    const answers = await together(50, () => ask(app, 'br'))
    t.equal(new Set(answers.map(({ rawPayload }) => rawPayload.toString('latin1'))).size, 1)
    t.strictSame(await witnessOf(app, 'E6'), { compressed: 1 })
  })

  t.test(`E2 ${E2}: later requests get the cached bytes`, { skip }, async (t) => {
    const app = await start(t)
    const first = await ask(app, 'br')
    if (E2 === 'optimized') await until(async () => (await redis.dbsize()) === 1)
    t.strictSame((await ask(app, 'gzip, br')).rawPayload, first.rawPayload)
    t.ok(first.rawPayload.length < read(first).length / 2)
    t.strictSame(await witnessOf(app, 'E6'), { compressed: 1 })
  })

  t.test(
    `E2 ${E2}: an owner's change is visible in every coding immediately`,
    { skip },
    async (t) => {
      const app = await start(t)
      const own = randomUUID()
      const { id } = await offerProduct(app, { owner, category: own })
      const path = `/products?category=${own}`
      for (const price of [1, 2]) {
        const payload = { price }
        await callAs(app, owner, { method: 'PATCH', url: `/products/${id}`, payload })
        for (const coding of [...codings, undefined])
          t.match(read(await ask(app, coding, path)), `"price":${price},`, `${coding}`)
      }
    },
  )

  t.test(`E2 ${E2}: HEAD has the headers of GET`, { skip }, async (t) => {
    const app = await start(t)
    const [get, head] = [await ask(app, 'br'), await ask(app, 'br', url, 'HEAD')]
    for (const name of ['content-type', 'content-length', 'content-encoding', 'vary'])
      t.equal(head.headers[name], get.headers[name], name)
    t.equal(head.rawPayload.length, 0)
  })

  t.test(`E2 ${E2}: an error is not compressed`, { skip }, async (t) => {
    const answer = await ask(await start(t), 'br', '/products?page=0')
    assertRefused(t, answer, 422, 'VALIDATION_ERROR', ['page'])
    t.equal(codingOf(answer), 'identity')
  })
}

t.test('without Redis nothing is cached, so nothing is compressed', async (t) => {
  const app = await startWith(t, { E2: 'optimized', E6: 'optimized' }, nowhere)
  const answer = await ask(app, 'br')
  t.equal(codingOf(answer), 'identity')
  t.equal(answer.body, (await ask(baseline)).body)
  t.strictSame(await witnessOf(app, 'E6'), {})
})
