import { setTimeout as sleep } from 'node:timers/promises'
import { restock } from '../offer.ts'
import { type PrepareFault, restartWith, type ServiceSettings } from './prepared-fault.ts'

/** Concurrent events during a sale; no process or connection fails. */

/** Runs services with other settings during the sale. */
export const withSettings =
  (settings: ServiceSettings): PrepareFault =>
  async ({ stack }) => ({ cleanup: await restartWith(stack, settings) })

const times = 5
const intervalMs = 20

/** The seller restocks in several small steps. */
export const restockInParts: PrepareFault = async ({ api, users, offer }) => {
  const delta = Math.ceil(offer.units.product / times)
  return {
    inject: async () => {
      for (let time = 0; time < times; time++) {
        await restock(api, users, offer, delta)
        await sleep(intervalMs)
      }
      return undefined
    },
  }
}
