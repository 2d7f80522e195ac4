import { environment } from '@flash-deal/config'
import type { Test } from 'tap'
import { findK6, type K6Result, programOf, runK6 } from '../k6.ts'
import { type Corruption, startCorruptingProxy } from './corrupting-proxy.ts'
import type { Mistake } from './mistakes.ts'

/** Brief runs of the k6 scripts. */

export const found = await findK6(environment())
/** Why no k6 can be run, or false. */
export const skip = found.how === 'none' && found.reason

export const scripts = [
  ...['health-check', 'auth-flow', 'product-list', 'order-scenario'],
  ...['concurrent-order', 'fifo-order', 'product-insert', 'order-list'],
  ...['deal-list', 'deal-spike', 'auth-stress', 'inter-service'],
  ...['order-stress', 'order-overload', 'async-order'],
  ...['service-failure', 'gateway-throughput'],
]

/** How k6 ends: by `fail()` in setup, or because a threshold was crossed. */
export const failedInSetup = 107
export const crossedThreshold = 99

const brief = {
  ...{ SMOKE: '1', VUS: '2', DURATION: '1s', PAGES: '2', THINK: '0.1' },
  ...{ RATE: '20', SECONDS: '1', BUYERS: '1', ORDERS: '3' },
  ...{ OPENS_IN: '0.3', CLOCKS: '0.2', TOKENS: '2', OUTCOME: '5' },
}

export const run = (script: string, given: Readonly<Record<string, string>>): Promise<K6Result> =>
  runK6({
    command: programOf(found),
    script,
    env: environment(),
    given: { ...brief, ...given },
    timeoutMs: 20_000,
  })

export const countOf = ({ metrics }: K6Result, metric: string): number =>
  metrics[metric]?.count ?? 0

/** The address of a proxy before the system at `url` that corrupts responses. */
export const corruptedUrl = async (
  t: Test,
  url: string,
  corruption: Corruption,
): Promise<string> => {
  const proxy = await startCorruptingProxy(url, corruption)
  t.teardown(() => proxy.end())
  return proxy.url
}

/** A run takes at least a second, mostly idle. */
export const runsAtATime = 3

export const mistakesAreSeen = (t: Test, url: string, mistakes: readonly Mistake[]) =>
  t.test('every wrong response is detected', { jobs: runsAtATime }, async (t) => {
    for (const { script, operation, what, corrupt, detectedBy } of mistakes) {
      const title = `${script} fails if ${operation} responds wrongly: ${what}`
      t.test(title, { buffered: true }, async (t) => {
        const BASE_URL = await corruptedUrl(t, url, { operation, corrupt })
        const result = await run(script, { BASE_URL, VUS: '1' })
        t.equal(result.code, crossedThreshold, result.output)
        t.ok(result.crossed.includes('checks rate==1'))
        t.same(result.failedChecks, detectedBy)
      })
    }
  })

/** @param url of a system with E2 at its baseline */
export const otherVariantIsRefused = (t: Test, url: string, script: string) =>
  t.test(`${script} measures nothing where another variant is on`, async (t) => {
    const result = await run(script, { BASE_URL: url, EXPECT: 'E2=optimized' })
    t.equal(result.code, failedInSetup, result.output)
    t.match(result.output, 'E2 is baseline, not optimized.')
    t.equal(countOf(result, 'iterations'), 0)
  })
