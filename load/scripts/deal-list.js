import { look, pageOfNext } from './lib/deals.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { newDealIn } from './lib/shop.js'
import { assertExpected, expected } from './lib/system.js'

/**
 * VUS users reload the list of active deals, and OPENS_IN seconds after the start one more deal opens.
 * It must be listed on time by this machine's clock, with a tolerance of CLOCKS seconds, and so must
 * every other deal on the page. E3.
 *
 *     k6 run -e EXPECT=E3=optimized load/scripts/deal-list.js
 *     k6 run -e EXPECT=E3=optimized -e MODE=rate -e RATE=500 load/scripts/deal-list.js
 */

// As in product-list.js: a threshold for hits, which the baseline does not have.
const onHit = { 'http_req_duration{name:GET /products/deals}': ['p(95)<50'] }
const latency = (expected.E3 || 'baseline') === 'baseline' ? {} : onHit

export const options = optionsFor({ vus: 200, duration: '30s', rate: 200 }, latency)

export const setup = () => {
  assertExpected()
  const shown = pageOfNext(20)
  return { shown, deal: newDealIn(numberOf('OPENS_IN', 10, 0), { stock: 100 }) }
}

export default ({ deal, shown }) => {
  // The pause comes first; otherwise all users would start at the same moment.
  think(1)
  look(deal, shown)
}
