import { buffer } from 'node:stream/consumers'
import { eachVariant } from '@flash-deal/testing'
import t from 'tap'
import {
  answering,
  asking,
  bodyOf,
  codingOf,
  everything,
  json,
  publicPages,
  responseOf,
  startCompressing,
  witnessOf,
} from '../../../test/coded-responses.ts'

const page = bodyOf(8_000)

for (const variant of eachVariant('E6')) {
  const coding = codingOf[variant]

  t.test(`${variant}: public pages have the same content in every coding`, async (t) => {
    const { ask } = await startCompressing(t, variant, answering(page))
    const wishes = ['gzip', 'br', 'zstd', everything, '*', 'identity;q=0, *', 'identity', 'deflate']
    for (const headers of [{}, ...wishes.map(asking)]) {
      for (const path of publicPages) {
        const answer = await ask(path, headers)
        t.equal(answer.status, 200)
        t.ok(answer.text === page, `${path} ${JSON.stringify(headers)}`)
        t.equal(answer.headers['content-type'], json['content-type'])
      }
    }
  })

  t.test(
    `${variant}: a client that accepts every coding gets ${coding ?? 'uncompressed bytes'}`,
    async (t) => {
      const { ask } = await startCompressing(t, variant, answering(page))
      for (const path of [...publicPages, '/openapi.yaml']) {
        const { headers, sent, text } = await ask(path, asking(everything))
        t.equal(headers['content-encoding'], coding, path)
        t.equal(sent.length < text.length / 2, coding !== undefined)
        t.ok([undefined, `${sent.length}`].includes(headers['content-length']))
      }
    },
  )

  t.test(
    `${variant}: a client that does not accept it gets uncompressed bytes with Content-Length`,
    async (t) => {
      const { ask } = await startCompressing(t, variant, answering(page))
      const refusals = ['', 'identity', 'deflate', '*;q=0', 'gzip;q=0, br;q=0, zstd;q=0, *']
      for (const headers of [{}, ...refusals.map(asking)]) {
        const answer = await ask('/products', headers)
        t.notOk('content-encoding' in answer.headers)
        t.equal(answer.headers['content-length'], '8000')
        t.equal(String(answer.sent), page)
      }
    },
  )

  t.test(`${variant}: HEAD has the headers of GET, and no other length`, async (t) => {
    const { ask } = await startCompressing(t, variant, answering(page))
    for (const headers of [{}, asking(everything)]) {
      for (const path of ['/products', '/openapi.yaml']) {
        const [get, head] = [await ask(path, headers), await ask(path, headers, 'HEAD')]
        t.equal(head.sent.length, 0)
        for (const name of ['content-type', 'content-encoding', 'vary'])
          t.equal(head.headers[name], get.headers[name], `${name} of ${path}`)
        const lengths = [undefined, get.headers['content-length']]
        t.ok(lengths.includes(head.headers['content-length']), path)
      }
    }
  })

  t.test(`${variant}: Vary names Accept-Encoding`, async (t) => {
    for (const [body, status] of [
      [page, 200],
      [bodyOf(20), 200],
      [bodyOf(20), 404],
    ] as const) {
      const { ask } = await startCompressing(t, variant, answering(body, {}, status))
      for (const headers of [{}, asking('identity'), asking(everything)]) {
        const { vary = '' } = (await ask('/products', headers)).headers
        const names = vary.toLowerCase().split(', ')
        t.equal(names.filter((name) => name === 'accept-encoding').length, coding ? 1 : 0)
        t.ok(names.includes('origin'), 'and of what else')
      }
    }
  })

  t.test(`${variant}: a response of less than 1,000 bytes is not compressed`, async (t) => {
    for (const [length, expected] of [
      [999, undefined],
      [1_000, coding],
    ] as const) {
      const { ask } = await startCompressing(t, variant, answering(bodyOf(length)))
      const { headers, text } = await ask('/products', asking(everything))
      t.equal(headers['content-encoding'], expected, `${length} bytes`)
      t.equal(text, bodyOf(length))
    }
  })

  t.test(`${variant}: an error is never compressed`, async (t) => {
    for (const status of [400, 404, 422, 500, 503]) {
      const { ask } = await startCompressing(t, variant, answering(page, {}, status))
      const { headers, sent } = await ask('/products', asking(everything))
      t.notOk('content-encoding' in headers, `${status}`)
      t.equal(String(sent), page)
    }
  })

  t.test(`${variant}: a compressed response of a service is forwarded unchanged`, async (t) => {
    const kept = Buffer.from('Whoever decodes this fails. '.repeat(100))
    const { url } = await startCompressing(
      t,
      variant,
      answering(kept, { 'content-encoding': 'br' }),
    )
    for (const [method, sent] of [
      ['GET', kept],
      ['HEAD', Buffer.alloc(0)],
    ] as const) {
      const response = await responseOf(`${url}/products`, asking(everything), method)
      const { 'content-encoding': as, 'content-length': length } = response.headers
      t.strictSame([as, length], ['br', `${kept.length}`], method)
      t.ok((await buffer(response)).equals(sent), method)
    }
  })

  t.test(`${variant}: x-no-compression is ignored, because Vary does not name it`, async (t) => {
    const { ask } = await startCompressing(t, variant, answering(page))
    const { headers } = await ask('/products', { ...asking(everything), 'x-no-compression': '1' })
    t.equal(headers['content-encoding'], coding)
  })

  t.test(`${variant}: its counter shows what it did`, async (t) => {
    const coded = { 'content-encoding': 'br' }
    const { app, ask, url } = await startCompressing(t, variant, (request, response) =>
      answering(page, request.path === '/products' ? coded : {})(request, response),
    )
    await responseOf(`${url}/products`, asking('br'))
    await ask('/products/deals', asking(everything))
    await ask('/products/deals', asking('identity'))
    const expected = coding ? { passed_on: 1, [coding]: 1, plain: 1 } : {}
    t.strictSame(await witnessOf(app), expected)
  })
}
