import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { asUser } from '@flash-deal/testing'
import t from 'tap'
import { goProcess, hasGo } from '../go-process.ts'
import {
  brokenInvariants,
  type NewOrder,
  offerProduct,
  openShop,
  orderBeside,
  settle,
  units,
} from '../order-and-product.ts'

/** Replaces order in Node by order in Go and back. */

if (!hasGo) {
  t.test('a change to order in Go', { skip: 'Go is not installed.' }, async () => {})
} else {
  const shop = await openShop(t)

  t.test('replacing one by the other and back under load fails no request', async (t) => {
    const product = await offerProduct(shop, { stock: 100_000 })
    const startNode = async (): Promise<Instance> => {
      const app = await orderBeside(t, shop)
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      const stop = async (): Promise<void> => {
        app.draining = true
        await pause(500)
        await app.close()
      }
      return { url, stop }
    }
    const startGo = async (): Promise<Instance> => {
      const { port, stop } = await goProcess(t, {
        database: shop.database,
        settings: { PRODUCT_URLS: shop.toProduct.url, DRAIN_MS: '500' },
      })
      return { url: `http://127.0.0.1:${port}`, stop }
    }
    let current = await startNode()
    let isOver = false
    const answers = new Map<string, number>()
    const buyer = async (): Promise<void> => {
      while (!isOver) {
        const answer = await order(current.url, units(product))
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
      }
    }
    const buyers = Array.from({ length: 8 }, buyer)
    for (const next of [await startGo(), await startNode(), await startGo()]) {
      await pause(300)
      const before = current
      current = next
      // Requests in progress end where they started; new requests go to the other instance.
      await before.stop()
    }
    isOver = true
    await Promise.all(buyers)
    t.strictSame([...answers.keys()], ['201'])
    t.ok(Number(answers.get('201')) > 20, `${answers.get('201')} orders`)
  })

  t.test('afterwards every invariant holds', async (t) => {
    await settle(shop)
    t.strictSame(await brokenInvariants(shop), [])
  })
}

type Instance = { url: string; stop: () => Promise<unknown> }

/** `201`, or the error. */
const order = async (url: string, body: NewOrder): Promise<string> => {
  const headers = {
    ...asUser(),
    'content-type': 'application/json',
    'idempotency-key': randomUUID(),
  }
  const call = { method: 'POST', headers, body: JSON.stringify(body) }
  return fetch(`${url}/orders`, call).then(
    async (answer) => {
      const body = await answer.text()
      return answer.status === 201 ? '201' : body
    },
    (error: Error) => `${error.message}: ${error.cause}`,
  )
}
