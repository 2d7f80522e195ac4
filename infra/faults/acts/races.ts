import { setTimeout as sleep } from 'node:timers/promises'
import { restock } from '../shop.ts'
import { type Arrange, restartWith, type ServiceSettings } from './act.ts'

/** What meets the buyers without anything being broken. */

/** Services that do the same more often, or less, for the time of the sale. */
export const withSettings =
  (settings: ServiceSettings): Arrange =>
  async ({ stack }) => ({ clear: await restartWith(stack, settings) })

const times = 5
const apartMs = 20

/** The seller adds a few units, some times in a row. */
export const restockInParts: Arrange = async ({ api, shop, goods }) => {
  const delta = Math.ceil(goods.units.product / times)
  return {
    inject: async () => {
      for (let time = 0; time < times; time++) {
        await restock(api, shop, goods, delta)
        await sleep(apartMs)
      }
      return undefined
    },
  }
}
