import { check } from 'k6'
import { Counter, Trend } from 'k6/metrics'
import { call } from './lib/call.js'
import { numberOf, optionsFor } from './lib/profile.js'
import { assertExpected, expected } from './lib/system.js'

/**
 * Five times as many requests as the capacity of the system (CAPACITY a second), from many addresses:
 * requests within the limits get normal responses, the others are rejected immediately. M4.
 *
 *     k6 run --local-ips=127.0.1.1-127.0.1.250 -e EXPECT=M4=optimized -e CAPACITY=1000 load/scripts/stress-test.js
 *
 * Without --local-ips all requests come from one address. `admitted` and `admitted_ms` are the
 * goodput and its times, `refused_ms` the times of the 429. `shed` are 503, from the gateway's other
 * limits.
 */
const overload = 5

__ENV.MODE = __ENV.MODE || 'rate'
__ENV.RATE = __ENV.RATE || String(overload * numberOf('CAPACITY', 200))

const own = optionsFor({ vus: 200, duration: '30s', rate: 1_000 })

// Under overload some iterations are dropped, and rejected requests are not failures.
export const options = { ...own, thresholds: { checks: ['rate==1'] } }

const admitted = new Counter('admitted')
const refused = new Counter('refused')
const shed = new Counter('shed')
const admittedMs = new Trend('admitted_ms', true)
const refusedMs = new Trend('refused_ms', true)

const limits = expected.M4 !== undefined && expected.M4 !== 'baseline'

export const setup = () => assertExpected()

/** The headers of a 429. */
const tellsWhen = ({ headers, body }) =>
  Number(headers['Retry-After']) >= 1 &&
  /;r=0;t=\d+$/.test(headers.Ratelimit || '') &&
  /;q=\d+;w=\d+$/.test(headers['Ratelimit-Policy'] || '') &&
  body.includes('RATE_LIMITED')

export default () => {
  const answer = call('GET', '/products?size=1', {
    name: '/products?size',
    statuses: [200, 429, 503],
  })
  const { status, timings } = answer
  check(answer, {
    'it is admitted, refused or shed': () => [200, 429, 503].includes(status),
    'a 429 tells when to come back': () => status !== 429 || tellsWhen(answer),
    'nothing is refused without M4': () => status !== 429 || limits || expected.M4 === undefined,
  })
  if (status === 200) {
    admitted.add(1)
    admittedMs.add(timings.duration)
  } else if (status === 429) {
    refused.add(1)
    refusedMs.add(timings.duration)
  } else {
    shed.add(1)
  }
}
