import { eachVariant, servers } from '@flash-deal/testing'
import t from 'tap'
import { newDeal } from './client.ts'
import { answerOf, asking, codingOf, everything } from './coded-responses.ts'
import { startSystem } from './system.ts'

const noRedis = servers().redisUrl === undefined && 'there is no Redis'
const description = 'Light and quiet, for those who have far to go. '.repeat(20)

/** Purchases with all caches on. */
for (const kept of ['optimized', 'memory'] as const) {
  const skip = kept === 'optimized' && noRedis

  for (const E6 of eachVariant('E6')) {
    const title = `E6 ${E6}, E2 and E3 ${kept}: a shop says the same in every coding`
    t.test(title, { skip }, async (t) => {
      const scenarios = { E2: kept, E3: kept, E6, E7: 'optimized' } as const
      const { url, newUser } = await startSystem(t, { scenarios })
      const owner = await newUser()
      const body = { name: 'Hanbit Headphones Pro', price: 129_000, stock: 50, description }
      const { id: product_id } = (await owner.call('POST /products', { body })).body
      const deal_id = await newDeal(owner, { product_id, deal_stock: 10 })
      const lists = ['/products', '/products/deals']
      const single = [`/products/${product_id}`, `/products/deals/${deal_id}`]
      for (const path of [...lists, ...single]) {
        const plain = await answerOf(url + path)
        for (const wish of ['gzip', 'br', 'zstd', everything, 'br', 'gzip']) {
          const answer = await answerOf(url + path, asking(wish))
          t.equal(answer.text, plain.text, `${path} ${wish}`)
          t.equal(answer.headers.vary, E6 === 'baseline' ? undefined : 'accept-encoding')
        }
      }
      const { status, headers, sent, text } = await answerOf(`${url}/products`, asking(everything))
      t.equal(status, 200, text)
      t.equal(headers['content-encoding'], codingOf[E6])
      // A response that the gateway compresses has no Content-Length, unless it is small.
      const length = headers['content-length'] ?? `${sent.length}`
      t.equal(length, `${sent.length}`)
      if (E6 === 'baseline' || E6 === 'optimized')
        t.ok('content-length' in headers, 'compressed before it was asked for')
    })
  }
}
