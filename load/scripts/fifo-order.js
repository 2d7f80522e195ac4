import exec from 'k6/execution'
import { Counter } from 'k6/metrics'
import { buy } from './lib/orders.js'
import { numberOf, vusOf } from './lib/profile.js'
import { newDeal, newTokens } from './lib/shop.js'
import { assertExpected } from './lib/system.js'

/**
 * Measures whether a deal is sold in the order of arrival: an open loop of RATE buyers a second for
 * SECONDS, for a deal with units for half of them. Prints the share of successful orders in each tenth
 * of the arrivals, and the inversion rate: of all pairs of a successful and a rejected order, those in
 * which the rejected one was sent first. It is 0 for first come, first served, and 0.5 for a random
 * order. M1.
 *
 *     k6 run -e EXPECT=M1=optimized -e RATE=500 load/scripts/fifo-order.js
 */
const defaults = { vus: 100 }
const rate = numberOf('RATE', 200)
const seconds = numberOf('SECONDS', 5)
const arrivals = rate * seconds

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate,
      duration: `${seconds}s`,
      // Enough users for the arrivals during a response of one second, and one more.
      preAllocatedVUs: Math.max(vusOf(defaults), rate + 1),
    },
  },
  // The order of arrival is complete only if no iteration was dropped.
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    dropped_iterations: ['count==0'],
  },
}

const tenths = Array.from({ length: 10 }, (_, index) => index)
const cameIn = tenths.map((tenth) => new Counter(`came_${tenth}`))
const wonIn = tenths.map((tenth) => new Counter(`won_${tenth}`))
const winners = new Counter('winners')
const losers = new Counter('losers')
const ranksOfWinners = new Counter('ranks_of_winners')

export const setup = () => {
  assertExpected()
  const stock = numberOf('STOCK', Math.ceil(arrivals / 2))
  return { deal: newDeal({ stock }), tokens: newTokens(vusOf(defaults)) }
}

export default ({ deal, tokens }) => {
  const arrival = exec.scenario.iterationInTest
  const tenth = Math.min(9, Math.floor((10 * arrival) / arrivals))
  cameIn[tenth].add(1)
  if (buy(tokens[arrival % tokens.length], deal, crypto.randomUUID())) {
    wonIn[tenth].add(1)
    winners.add(1)
    ranksOfWinners.add(arrival + 1)
  } else losers.add(1)
}

/**
 * The number of inversions is the U statistic of the ranks of the successful orders: Mann and Whitney
 * 1947, "On a test of whether one of two random variables is stochastically larger than the other".
 */
const inversionRate = (won, lost, ranks) =>
  won * lost > 0 ? (ranks - (won * (won + 1)) / 2) / (won * lost) : 0

export const handleSummary = ({ metrics }) => {
  const countOf = (name) => (metrics[name] ? metrics[name].values.count : 0)
  const [won, lost] = [countOf('winners'), countOf('losers')]
  const shares = tenths.map((tenth) => {
    const share = countOf(`won_${tenth}`) / (countOf(`came_${tenth}`) || 1)
    return `${Math.round(100 * share)} %`
  })
  const inversions = inversionRate(won, lost, countOf('ranks_of_winners'))
  return {
    stdout: [
      `${won} won, ${lost} did not; inversion rate ${inversions.toFixed(4)}`,
      `winners by tenth of arrival: ${shares.join(', ')}\n`,
    ].join('\n'),
  }
}
