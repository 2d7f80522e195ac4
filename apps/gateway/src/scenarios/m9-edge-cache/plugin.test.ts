import { eachVariant, until } from '@flash-deal/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import {
  type Behaviour,
  eachNodeProxy,
  fakeService,
  type Proxying,
  startObliging,
} from '../../../test/gateway-alone.ts'

const id = '3f6d2b1a-94c7-4e58-8d0b-2a7e5c9f1b36'
const product = `/products/${id}`
const dealPath = `/products/deals/${id}`

/**
 * A fake product that sends what is `shown`, but first closes the connections of as many requests as
 * `drops` says, and stores its requests.
 */
const start = async (
  t: Test,
  M9: 'baseline' | 'optimized' | 'etag',
  proxy: Proxying,
  settings: Record<string, string> = {},
) => {
  const shown = { status: 200, body: JSON.stringify({ items: [], total: 1 }), drops: 0 }
  const gate = { wait: Promise.resolve() }
  const behave: Behaviour = async ({ method, path, drop }, response) => {
    const { status, body } = shown
    await gate.wait
    if (shown.drops > 0 && !path.startsWith('/health')) {
      shown.drops -= 1
      return drop()
    }
    const text = method === 'GET' || method === 'HEAD' ? body : '{"ok":true}'
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    response.writeHead(method === 'GET' ? status : 200, headers).end(method === 'HEAD' ? '' : text)
  }
  const fake = await fakeService(t, behave)
  const given = { PRODUCT_URLS: fake.url, EDGE_CACHE_TTL_MS: '60000', ...settings }
  const { app, waiting } = await startObliging(t, given, { M9, ...proxy })
  const asked = (): string[] => fake.received.map(({ method, path }) => `${method} ${path}`)
  return { app, waiting, fake, shown, gate, asked }
}

const get = (
  app: FastifyInstance,
  url: string,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> => app.inject({ url, headers })

const times = <Result>(count: number, work: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, work))

const held = () => Promise.withResolvers<void>()

const counted = async (app: FastifyInstance, event: string): Promise<number> => {
  const text = await app.metrics.metrics()
  const [, count] =
    text.match(`scenario_witness_total{scenario="M9",event="${event}"} (\\d+)`) ?? []
  return Number(count ?? 0)
}

for (const variant of eachVariant('M9')) {
  const isKept = variant === 'optimized'

  eachNodeProxy(`${variant}: everybody gets what product says`, async (t, proxy) => {
    const { app, asked, shown } = await start(t, variant, proxy)
    for (let i = 0; i < 3; i++) {
      const answer = await get(app, '/products?page=1&size=20')
      t.equal(answer.statusCode, 200)
      t.equal(answer.body, shown.body)
      t.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
      t.equal(answer.headers['content-length'], String(shown.body.length))
    }
    t.equal(asked().length, isKept ? 1 : 3)
  })

  eachNodeProxy(
    `${variant}: nothing that was asked for by name is kept or conditional`,
    async (t, proxy) => {
      const { app, asked, shown } = await start(t, variant, proxy)
      await get(app, product)
      for (const headers of [{ authorization: 'Bearer x' }, { cookie: 'a=b' }]) {
        shown.body = JSON.stringify({ ownedBy: Object.keys(headers) })
        const answer = await get(app, product, headers)
        t.equal(answer.body, shown.body, 'from product itself')
        t.equal(answer.headers.etag, undefined)
        t.equal(answer.headers['cache-control'], variant === 'baseline' ? undefined : 'no-store')
      }
      t.equal(asked().length, 3)
      if (isKept)
        t.match((await get(app, product)).body, 'items', 'and other clients do not get it')
    },
  )

  eachNodeProxy(`${variant}: errors are not kept, and are each client's own`, async (t, proxy) => {
    const { app, shown, asked } = await start(t, variant, proxy)
    for (const status of [404, 422, 500, 503]) {
      shown.status = status
      shown.body = JSON.stringify({ error: `E${status}` })
      const answer = await get(app, product)
      t.strictSame([answer.statusCode, answer.body], [status, shown.body])
      t.equal(answer.headers.etag, undefined)
      t.equal(answer.headers['cache-control'], variant === 'baseline' ? undefined : 'no-store')
    }
    t.equal(asked().length, 4)
    shown.status = 200
    t.equal((await get(app, product)).statusCode, 200)
  })

  eachNodeProxy(`${variant}: HEAD says what GET says, without a body`, async (t, proxy) => {
    const { app } = await start(t, variant, proxy)
    await get(app, product)
    const answer = await app.inject({ method: 'HEAD', url: product })
    t.strictSame([answer.statusCode, answer.body], [200, ''])
    if (isKept) {
      const { headers } = await get(app, product)
      for (const name of ['etag', 'content-length', 'content-type', 'cache-control'])
        t.equal(answer.headers[name], headers[name], name)
      const known = { 'if-none-match': String(headers.etag) }
      const again = await app.inject({ method: 'HEAD', url: product, headers: known })
      t.strictSame([again.statusCode, again.headers['content-length']], [304, undefined])
    }
  })

  if (variant === 'baseline') continue

  eachNodeProxy(
    `${variant}: who has it already gets a 304, and the new one when it changes`,
    async (t, proxy) => {
      const { app, shown } = await start(t, variant, proxy, { EDGE_CACHE_TTL_MS: '10' })
      for (const url of [product, '/products/deals']) {
        shown.body = '{"items":[1]}'
        const first = await get(app, url)
        t.equal(first.headers['cache-control'], 'public, max-age=0, must-revalidate')
        const tag = String(first.headers.etag)
        t.match(tag, /^W\/"[\w-]{27}"$/)
        for (const known of [tag, `"other", ${tag}`, tag.replace('W/', ''), '*']) {
          const again = await get(app, url, { 'if-none-match': known })
          t.strictSame([again.statusCode, again.body, again.headers.etag], [304, '', tag], known)
          t.equal(again.headers['content-length'], undefined)
          t.equal(again.headers['content-type'], undefined)
          t.equal(again.headers['cache-control'], first.headers['cache-control'])
        }
        t.equal((await get(app, url, { 'if-none-match': '"other"' })).statusCode, 200)
        shown.body = '{"items":[1,2]}'
        await until(async () => (await get(app, url, { 'if-none-match': tag })).statusCode === 200)
      }
      t.ok((await counted(app, 'not_modified')) >= 8)
    },
  )
}

const kept = (title: string, guarantee: (t: Test, proxy: Proxying) => Promise<void>): void =>
  eachNodeProxy(`optimized: ${title}`, guarantee)

kept('a hundred who ask at once are one question, whoever hangs up', async (t, proxy) => {
  const { app, gate, asked, shown } = await start(t, 'optimized', proxy)
  const { promise, resolve } = held()
  gate.wait = promise
  const hangUp = new AbortController()
  const first = app.inject({ url: '/products', signal: hangUp.signal }).catch(() => undefined)
  await until(() => asked().length === 1)
  const others = times(100, () => get(app, '/products'))
  await until(async () => (await counted(app, 'joined')) === 100)
  hangUp.abort()
  resolve()
  for (const { statusCode, body } of await others)
    t.strictSame([statusCode, body], [200, shown.body])
  await first
  t.equal(asked().length, 1)
})

kept(
  'nothing is shown that is older than the limit, and the stale half is renewed',
  async (t, proxy) => {
    const { app, shown, asked } = await start(t, 'optimized', proxy, { EDGE_CACHE_TTL_MS: '300' })
    await get(app, product)
    const old = shown.body
    shown.body = '{"stock":1}'
    const changedAt = performance.now()
    let isNew = false
    while (!isNew) {
      const askedAt = performance.now()
      const { body } = await get(app, product)
      isNew = body !== old
      t.ok(isNew || askedAt - changedAt <= 310, 'the old one is not older than that')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    t.ok(asked().length >= 2)
    t.ok((await counted(app, 'stale')) + (await counted(app, 'miss')) >= 2)
  },
)

kept('a change by an owner is seen by whoever asks after its response', async (t, proxy) => {
  const { app, shown, asked } = await start(t, 'optimized', proxy)
  const changes = [
    ['PATCH', product, '{"name":"x"}'],
    ['PATCH', `${product}/stock`, '{"delta":1}'],
    ['POST', '/products', '{"name":"x"}'],
    ['POST', '/products/deals', '{"product_id":"x"}'],
  ] as const
  for (const [index, [method, url, payload]] of changes.entries()) {
    await get(app, '/products')
    await get(app, product)
    shown.body = JSON.stringify({ version: index })
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json' }
    const changed = await app.inject({ method, url, payload, headers })
    t.equal(changed.statusCode, 200)
    t.equal((await get(app, '/products')).body, shown.body)
    t.equal((await get(app, product)).body, shown.body)
  }
  t.equal(await counted(app, 'purged'), 4)
  t.equal(asked().filter((each) => each.startsWith('GET')).length, 10)
})

kept('a read that was under way during a change is not kept', async (t, proxy) => {
  const { app, shown, gate, asked } = await start(t, 'optimized', proxy)
  const { promise, resolve } = held()
  gate.wait = promise
  const old = get(app, product)
  await until(() => asked().length === 1)
  gate.wait = Promise.resolve()
  shown.body = '{"version":2}'
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' }
  await app.inject({ method: 'PATCH', url: product, payload: '{"name":"x"}', headers })
  t.equal((await get(app, product)).body, '{"version":2}', 'and no request joins it')
  resolve()
  t.match((await old).body, 'items')
  t.equal((await get(app, product)).body, '{"version":2}')
})

kept('a refused change empties nothing', async (t, proxy) => {
  const { app, asked } = await start(t, 'optimized', proxy)
  await get(app, product)
  const refused = await app.inject({ method: 'PATCH', url: product, payload: '{}' })
  t.equal(refused.statusCode, 401)
  await get(app, product)
  t.equal(asked().length, 1)
})

kept('one question for each meaning of a query, in one spelling', async (t, proxy) => {
  const { app, asked } = await start(t, 'optimized', proxy)
  const same = [
    '?size=5&category=caf%C3%A9',
    '?category=caf%c3%a9&size=5',
    '?category=c%61f%C3%A9&size=5',
  ]
  for (const query of same) await get(app, `/products${query}`)
  t.strictSame(asked(), ['GET /products?category=caf%C3%A9&size=5'])
  await get(app, product)
  await get(app, product.toUpperCase().replace('/PRODUCTS', '/products'))
  t.equal(asked().length, 2)
})

kept('a query that could be read in two ways goes on as it is, each time', async (t, proxy) => {
  const { app, asked } = await start(t, 'optimized', proxy)
  const queries = [
    '?size=5&size=6',
    '?utm_source=x',
    '?size=5&',
    '?&',
    '?size',
    '?size=5=6',
    '?%73ize=5',
    '?category=a+b',
    '?category=a%00',
    '?category=a%252525',
    '?category[]=a',
    '?size=5?size=6',
    `?category=${'x'.repeat(300)}`,
  ]
  for (const query of queries) {
    const before = asked().length
    await get(app, `/products${query}`)
    await get(app, `/products${query}`)
    t.strictSame(asked().slice(before), Array(2).fill(`GET /products${query}`))
  }
  t.equal(await counted(app, 'miss'), 0)
})

kept('no header of a client changes what others get', async (t, proxy) => {
  const { app, fake, asked } = await start(t, 'optimized', proxy)
  const poison = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'gopher',
    'x-original-url': '/orders',
    'x-http-method-override': 'PATCH',
    'x-user-id': id,
    'x-internal-key': 'guess',
    'x-deadline-ms': '1',
    'accept-language': 'xx',
    accept: 'text/evil',
    'user-agent': 'evil',
    range: 'bytes=0-1',
    'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT',
    'cache-control': 'no-cache, max-age=0',
    pragma: 'no-cache',
  }
  await get(app, product, poison)
  const [seen] = fake.received
  const text = JSON.stringify(seen?.headers)
  for (const word of [
    'evil',
    '6.6.6.6',
    'gopher',
    '/orders',
    'guess',
    'PATCH',
    'bytes',
    'xx',
    '2000',
  ])
    t.notMatch(text, word)
  t.equal(seen?.headers['x-user-id'], undefined)
  for (const headers of [{}, poison]) t.equal((await get(app, product, headers)).statusCode, 200)
  t.equal(asked().length, 1, 'nor makes product be asked again')
})

kept('a deal is not kept around the moments at which its status changes', async (t, proxy) => {
  const { app, shown, asked } = await start(t, 'optimized', proxy, { EDGE_CACHE_TTL_MS: '1000' })
  const at = (seconds: number) => new Date(Date.now() + 1_000 * seconds).toISOString()
  const windows = [
    [at(-1), at(3_600), 2],
    [at(2), at(3_600), 2],
    [at(-3_600), at(1), 2],
    ['soon', at(3_600), 2],
  ] as const
  for (const [starts_at, ends_at, questions] of windows) {
    shown.body = JSON.stringify({ starts_at, ends_at })
    const before = asked().length
    await get(app, dealPath)
    await get(app, dealPath)
    t.equal(asked().length - before, questions, `${starts_at} to ${ends_at}`)
  }
  shown.body = JSON.stringify({ starts_at: at(-3_600), ends_at: at(3_600) })
  const before = asked().length
  await times(5, () => get(app, dealPath))
  t.equal(asked().length - before, 1)
})

kept('product is asked for each list of deals, and for each stock', async (t, proxy) => {
  const { app, asked } = await start(t, 'optimized', proxy)
  const urls = ['/products/deals', '/products/deals', `${product}/stock`, `${product}/stock`]
  for (const url of urls) await get(app, url)
  t.strictSame(
    asked(),
    urls.map((url) => `GET ${url}`),
  )
})

kept(
  'where product fails, each client hears of it, and what was kept is not shown for longer',
  async (t, proxy) => {
    const { app, shown } = await start(t, 'optimized', proxy, { EDGE_CACHE_TTL_MS: '50' })
    await get(app, product)
    shown.status = 500
    await until(async () => (await get(app, product)).statusCode === 500)
    const answers = await times(10, () => get(app, product))
    t.ok(answers.every(({ statusCode }) => statusCode === 500))
  },
)

kept('a refresh that fails is logged, and the read is sent from the cache', async (t, proxy) => {
  const { app, shown } = await start(t, 'optimized', proxy, { EDGE_CACHE_TTL_MS: '2000' })
  const warnings = t.capture(app.log, 'warn')
  await get(app, product)
  shown.drops = Number.POSITIVE_INFINITY
  const lines: unknown[] = []
  await until(async () => {
    t.equal((await get(app, product)).statusCode, 200)
    lines.push(...warnings())
    return lines.length > 0
  })
  t.match(lines[0], { args: [{ cause: String }, 'A cached read could not be refreshed'] })
})

kept('a read whose connection fails is repeated once for all who wait', async (t, proxy) => {
  const { app, shown, gate, asked } = await start(t, 'optimized', proxy)
  for (const [drops, status] of [
    [1, 200],
    [2, 503],
  ] as const) {
    const [before, joined] = [asked().length, await counted(app, 'joined')]
    const { promise, resolve } = held()
    gate.wait = promise
    shown.drops = drops
    const answers = times(50, () => get(app, `/products?size=${drops}`))
    await until(async () => (await counted(app, 'joined')) === joined + 49)
    resolve()
    for (const { statusCode } of await answers) t.equal(statusCode, status)
    t.equal(asked().length - before, 2)
  }
})

kept('the retries of shared reads are within a budget', async (t, proxy) => {
  const { app, shown, asked } = await start(t, 'optimized', proxy)
  shown.drops = Number.POSITIVE_INFINITY
  const calls = 60
  for (let page = 1; page <= calls; page += 1) await get(app, `/products?page=${page}`)
  t.ok(asked().length > calls, 'some are repeated')
  t.ok(asked().length <= calls + 10 + calls / 10, `${asked().length} came`)
})

kept(
  'a request that joined a read that the queue rejects waits in its own turn',
  async (t, proxy) => {
    const settings = { UPSTREAM_READS: '1', UPSTREAM_QUEUE_MAX: '3', DEADLINE_MS: '60000' }
    const { app, waiting, gate, asked } = await start(t, 'optimized', proxy, settings)
    const { promise, resolve } = held()
    gate.wait = promise
    const read = (remoteAddress: string, page: number) =>
      app.inject({ url: `/products?page=${page}`, remoteAddress })
    const ofOne = [read('192.0.2.1', 0)]
    await until(() => asked().length === 1)
    for (const page of [1, 2, 3]) {
      ofOne.push(read('192.0.2.1', page))
      await until(async () => (await waiting('reads')) === page)
    }
    const joining = read('192.0.2.2', 3)
    await until(async () => (await counted(app, 'joined')) === 1)
    // Takes the place of the last request of the first client; then the joined one takes another.
    const others = [read('192.0.2.3', 4), joining]
    const rejected = await Promise.all(ofOne.slice(2))
    t.strictSame(
      rejected.map(({ statusCode }) => statusCode),
      [503, 503],
    )
    resolve()
    const served = await Promise.all([...ofOne.slice(0, 2), ...others])
    t.strictSame(
      served.map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    )
  },
)

kept('an invalid status of product is 503 for each client', async (t, proxy) => {
  const { app, shown } = await start(t, 'optimized', proxy)
  shown.status = 999
  for (const { statusCode, headers } of await times(3, () => get(app, product))) {
    t.equal(statusCode, 503)
    t.equal(headers.etag, undefined)
  }
})

for (const E6 of eachVariant('E6')) {
  t.test(`optimized: each client gets a coding that it accepts (E6=${E6})`, async (t) => {
    const fake = await fakeService(t, (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ text: 'x'.repeat(5_000) }))
    })
    const settings = { PRODUCT_URLS: fake.url, EDGE_CACHE_TTL_MS: '60000' }
    const { url } = await startObliging(t, settings, { M9: 'optimized', E6 })
    const seen = new Set<string>()
    for (const coding of ['gzip', 'br', 'identity', 'gzip', 'br', 'zstd;q=0, gzip', 'identity']) {
      const answer = await fetch(`${url}/products`, { headers: { 'accept-encoding': coding } })
      const used = answer.headers.get('content-encoding') ?? 'identity'
      t.ok(coding.includes(used) || used === 'identity', `${used} for ${coding}`)
      const { text } = JSON.parse(await answer.text()) as { text: string }
      t.equal(text.length, 5_000)
      if (E6 !== 'baseline') t.match(answer.headers.get('vary'), /accept-encoding/i)
      seen.add(used)
    }
    t.equal(fake.received.length, seen.size, 'each coding is asked for and compressed once')
  })
}

t.test('optimized: a refresh after a 304 is compressed like the response before it', async (t) => {
  const fake = await fakeService(t, (_request, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ text: 'x'.repeat(5_000) }))
  })
  const settings = { PRODUCT_URLS: fake.url, EDGE_CACHE_TTL_MS: '2000' }
  const { app } = await startObliging(t, settings, { M9: 'optimized', E6: 'optimized' })
  const br = { 'accept-encoding': 'br' }
  const first = await get(app, '/products', br)
  t.equal(first.headers['content-encoding'], 'br')
  const known = { ...br, 'if-none-match': String(first.headers.etag) }
  await until(async () => {
    t.equal((await get(app, '/products', known)).statusCode, 304)
    return (await counted(app, 'stale')) > 0
  })
  await until(() => fake.received.length > 1)
  for (const { headers } of fake.received) t.equal(headers['accept-encoding'], 'br')
  t.equal((await get(app, '/products', br)).headers['content-encoding'], 'br')
})
