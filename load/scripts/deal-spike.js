import { sleep } from 'k6'
import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { look, pageOfNext } from './lib/deals.js'
import { buy } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDealIn, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * A traffic spike at the opening of a deal: users request the list of active deals, and order a unit if
 * the deal is listed. It opens OPENS_IN seconds after the start, by default when the spike of
 * MODE=spike begins. Two seconds after the last order the list must show the exact remaining units.
 * E3, E5, H5.
 *
 *     k6 run -e EXPECT=E3=optimized -e MODE=spike load/scripts/deal-spike.js
 */
const defaults = { vus: 200, duration: '30s', rate: 100 }

/** The maximum age of the remaining units in the list, in seconds. */
const lagS = 2

export const options = optionsFor(defaults)

export const setup = () => {
  assertExpected()
  const tokens = newTokens(vusOf(defaults))
  const shown = pageOfNext(20)
  const deal = newDealIn(numberOf('OPENS_IN', 10, 0), { stock: numberOf('STOCK', 1_000) })
  return { tokens, shown, deal }
}

export default ({ deal, shown, tokens }) => {
  // The pause comes first; otherwise all users would start at the same moment.
  think(1)
  const seen = look(deal, shown)
  if (seen?.status !== 'active') return
  buy(tokens[(exec.vu.idInTest - 1) % tokens.length], deal, crypto.randomUUID())
}

export const teardown = ({ deal, shown }) => {
  sleep(lagS)
  const seen = look(deal, shown)
  const isAsSeen = ({ remaining_stock }) => !seen || seen.remaining_stock === remaining_stock
  const answer = call('GET', `/products/deals/${deal.id}`, { name: '/products/deals/:id' })
  checked(answer, 'deal afterwards', 200, isAsSeen)
}
