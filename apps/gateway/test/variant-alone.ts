import { resolveScenarios, type ScenarioId, scenarioIds, scenarioOf } from '@flash-deal/config'
import { eachVariant } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { newDeal, newProduct } from './client.ts'
import { type System, startSystem } from './system.ts'

/** A flag by itself, or with those that it requires: all services start with it, and sell. */

const units = 5

/** A complete purchase and its cancellation. */
const sells = async (t: Test, { anybody, newUser }: System): Promise<void> => {
  const [seller, buyer] = [await newUser(), await newUser()]
  const product_id = await newProduct(seller, 2 * units)
  const deal_id = await newDeal(seller, { product_id, deal_stock: units })
  const products = await anybody('GET /products')
  t.match(products.body, { items: [{ id: product_id }], total: 1 })
  t.match((await anybody('GET /products/deals')).body, { items: [{ id: deal_id }], total: 1 })

  const ordered = await buyer.call('POST /orders', {
    body: { items: [{ product_id, deal_id, quantity: 2 }] },
  })
  t.equal(ordered.status, 201, ordered.text)
  t.strictSame((await buyer.call('GET /orders')).body.items, [ordered.body])
  t.strictSame((await buyer.call(`GET /orders/${ordered.body.id}`)).body, ordered.body)
  t.equal(await remaining(anybody, deal_id), units - 2)

  const cancelled = await buyer.call(`POST /orders/${ordered.body.id}/cancel`)
  t.match(cancelled, { status: 200, body: { status: 'cancelled' } })
}

const remaining = async (anybody: System['anybody'], deal_id: string): Promise<number> =>
  (await anybody(`GET /products/deals/${deal_id}`)).body.remaining_stock

/** With the scenarios that it requires. */
const alone = (id: ScenarioId, variant: string) => {
  const SCENARIOS = (scenarioOf(id).requires ?? []).join()
  return resolveScenarios({}, { SCENARIOS, [`SCENARIO_${id}`]: variant }).scenarios
}

/** The variants other than the baseline that are started in the test's own process. */
export const variantsAlone = scenarioIds.flatMap((id) =>
  eachVariant(id).flatMap((variant) => (variant === 'baseline' ? [] : [{ id, variant }])),
)

export const sellsAlone = ({ id, variant }: (typeof variantsAlone)[number]): void => {
  t.test(`SCENARIO_${id}=${variant}`, async (t) => {
    const scenarios = alone(id, variant)
    const system = await startSystem(t, { scenarios })
    t.strictSame((await system.anybody('GET /health')).body.scenarios, scenarios)
    await sells(t, system)
  })
}
