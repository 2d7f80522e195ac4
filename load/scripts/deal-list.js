import { look, pageOfNext } from './lib/deals.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newDealIn } from './lib/shop.js'
import { assertExpected, expected } from './lib/system.js'

/**
 * Everybody waits for a deal: VUS people reload the list of open deals, and OPENS_IN seconds after
 * the start one more opens. It has to be there on time by this machine's clock, give or take CLOCKS
 * seconds, and so has every other deal on the page. E3.
 *
 *     k6 run -e EXPECT=E3=optimized load/scripts/deal-list.js
 *     k6 run -e EXPECT=E3=optimized -e MODE=rate -e RATE=500 load/scripts/deal-list.js
 */

// As for the product list: on a hit, and the baseline has none.
const onHit = { 'http_req_duration{name:GET /products/deals}': ['p(95)<50'] }
const latency = (expected.E3 || 'baseline') === 'baseline' ? {} : onHit

export const options = optionsFor({ vus: 200, duration: '30s', rate: 200 }, latency)

export const setup = () => {
  assertExpected()
  const shown = pageOfNext(20)
  return { shown, deal: newDealIn(numberOf('OPENS_IN', 10, 0), { stock: 100 }) }
}

export default ({ deal, shown }) => {
  // First, or else all users would come at the same moment, at the start.
  think(1)
  look(deal, shown)
}
