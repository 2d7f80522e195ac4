import { sleep } from 'k6'
import exec from 'k6/execution'
import { call, checked } from './lib/call.js'
import { look, pageOfNext } from './lib/deals.js'
import { buy } from './lib/orders.js'
import { numberOf, optionsFor, think, vusOf } from './lib/profile.js'
import { newDealIn, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * A deal opens, and more come than before: they look at the list of open deals, and who sees the
 * deal there buys a unit. OPENS_IN is when it opens, in seconds after the start: as many as there
 * are before the spike of MODE=spike. Two seconds after the last order the list tells what is left
 * to the unit. E3, E5, H5.
 *
 *     k6 run -e EXPECT=E3=optimized -e MODE=spike load/scripts/deal-spike.js
 */
const defaults = { vus: 200, duration: '30s', rate: 100 }

/** How old what remains of a deal may be in the list, in seconds. */
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
  // First, or else all users would come at the same moment, at the start.
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
