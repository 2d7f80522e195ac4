import { documents, operationsOf } from '@flash-deal/contracts'
import { eachVariant } from '@flash-deal/testing'
import t from 'tap'
import {
  answering,
  asking,
  bodyOf,
  codingOf,
  everything,
  id,
  publicPages,
  startCompressing,
} from '../../../test/coded-responses.ts'

const page = bodyOf(8_000)
const token = { authorization: 'Bearer a.b.c' }

/** Every operation that goes through the gateway, but for public pages. */
const others = [documents.auth, documents.product, documents.order]
  .flatMap(operationsOf)
  .filter(({ internal, operationId }) => !internal && !['health', 'ready'].includes(operationId))
  .filter(({ path, method }) => method !== 'get' || !path.startsWith('/products'))
  .map(({ path, method }) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, id)] as const)

for (const variant of eachVariant('E6')) {
  t.test(`${variant}: only public pages are compressed, or requested compressed`, async (t) => {
    const { ask, service } = await startCompressing(t, variant, answering(page))
    t.ok(others.length > 10)
    const own = ['/health', '/docs/static/index.html', '/nowhere'].map((path) => ['GET', path])
    for (const [method = '', path = ''] of [...others, ...own]) {
      for (const headers of [asking(everything), { ...asking(everything), ...token }]) {
        const answer = await ask(path, headers, method)
        t.notOk('content-encoding' in answer.headers, `${method} ${path}`)
      }
    }
    t.notOk(service.received.some(({ headers }) => 'accept-encoding' in headers))
  })

  t.test(`${variant}: a request with credentials gets uncompressed bytes`, async (t) => {
    const { ask, service } = await startCompressing(t, variant, answering(page))
    for (const shown of [token, { cookie: 'session=1' }]) {
      for (const path of [...publicPages, '/openapi.yaml']) {
        const answer = await ask(path, { ...asking(everything), ...shown })
        t.equal(answer.status, 200)
        t.notOk('content-encoding' in answer.headers, path)
      }
    }
    t.notOk(service.received.some(({ headers }) => 'accept-encoding' in headers))
  })

  t.test(
    `${variant}: a service is never asked for a coding that the client does not accept`,
    async (t) => {
      const { ask, service } = await startCompressing(t, variant, answering(page))
      const coding = codingOf[variant]
      for (const header of [everything, '*', 'identity', 'deflate', `${coding};q=0`, 'GZIP;q=0.5'])
        await ask('/products', asking(header))
      const inGzip = variant === 'gzip' || variant === 'optimized' ? 'gzip' : undefined
      t.strictSame(
        service.received.map(({ headers }) => headers['accept-encoding']),
        [coding, coding, undefined, undefined, undefined, inGzip],
      )
    },
  )
}
