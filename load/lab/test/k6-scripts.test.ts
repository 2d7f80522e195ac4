import { environment } from '@flash-deal/config'
import { startStack } from '@flash-deal/local/stack'
import t from 'tap'
import { type K6Result, programOf, runK6 } from '../k6.ts'
import type { ProxiedResponse } from './corrupting-proxy.ts'
import {
  corruptedUrl,
  countOf,
  crossedThreshold,
  found,
  mistakesAreSeen,
  otherVariantIsRefused,
  run,
  runsAtATime,
  scripts,
  skip,
} from './k6-runs.ts'
import { briefMistakes } from './mistakes.ts'

/**
 * The k6 scripts pass with correct responses and fail with wrong ones. Here are a few mistakes;
 * `k6-scripts.long.test.ts` has all of them.
 */

/** What an open loop was to begin, whether it could or not. */
const scheduledIn = (result: K6Result): number =>
  countOf(result, 'iterations') + countOf(result, 'dropped_iterations')

t.test('k6', { skip }, async (t) => {
  const stack = await startStack()
  t.teardown(() => stack.end())

  t.test('correct responses pass', { jobs: runsAtATime }, async (t) => {
    for (const script of scripts) {
      const title = `${script} completes, and every check passes`
      t.test(title, { buffered: true }, async (t) => {
        const result = await run(script, { BASE_URL: stack.url, EXPECT: 'E2=baseline' })
        t.equal(result.code, 0, result.output)
        t.ok((result.metrics.checks?.passes ?? 0) > 10, 'checks ran')
        t.same([...result.failedChecks, ...result.crossed], [])
      })
    }
  })

  otherVariantIsRefused(t, stack.url, 'health-check')

  t.test('a script does not start while a service is unavailable', async (t) => {
    const away = JSON.stringify({ status: 'healthy', services: { order: { status: 'away' } } })
    let served = 0
    const corrupt = (response: ProxiedResponse) =>
      served++ < 3 ? { ...response, body: away } : response
    const BASE_URL = await corruptedUrl(t, stack.url, { operation: 'GET /health', corrupt })
    const result = await run('health-check', { BASE_URL })
    t.equal(result.code, 0, result.output)
  })

  mistakesAreSeen(t, stack.url, briefMistakes)

  t.test('sold-out and limit responses are no failures, and are counted separately', async (t) => {
    const soldOut = await run('order-scenario', { BASE_URL: stack.url, STOCK: '2' })
    t.equal(soldOut.code, 0, soldOut.output)
    t.ok(countOf(soldOut, 'orders_won') >= 2, 'all is sold')
    t.ok(countOf(soldOut, 'orders_sold_out') > 0)
    t.equal(countOf(soldOut, 'orders_refused'), 0)
    const limited = await run('order-scenario', { BASE_URL: stack.url, LIMIT: '1' })
    t.equal(limited.code, 0, limited.output)
    t.ok(countOf(limited, 'orders_won') >= 2, 'one a user')
    t.ok(countOf(limited, 'orders_refused') > 0)
    t.equal(countOf(limited, 'orders_sold_out'), 0)
  })

  t.test('the order of arrival and the successful orders by arrival are reported', async (t) => {
    const given = { BASE_URL: stack.url, RATE: '40', VUS: '10', STOCK: '16' }
    const { code, output } = await run('fifo-order', given)
    t.equal(code, 0, output)
    t.match(output, /^16 won, 2[45] did not; inversion rate 0\.\d{4}$/m)
    t.match(output, /^winners by tenth of arrival: 100 %, (\d+ %, ){8}\d+ %$/m)
  })

  t.test('one token is used the given number of times', async (t) => {
    const given = { BASE_URL: stack.url, MODE: 'count', COUNT: '1', VUS: '1', USES: '30' }
    const { code, output, metrics } = await run('auth-flow', given)
    t.equal(code, 0, output)
    t.equal(metrics.http_reqs?.count, 1 + 5 + 30, 'beside the flow and the look at /health')
  })

  t.test('exactly the given number of iterations runs', async (t) => {
    const given = { BASE_URL: stack.url, MODE: 'count', COUNT: '25' }
    const result = await run('product-insert', given)
    t.equal(result.code, 0, result.output)
    t.equal(countOf(result, 'iterations'), 25)
  })

  t.test('the list has as many entries as a page of E6, in every coding', async (t) => {
    const small = await run('product-list', { BASE_URL: stack.url, PAGES: '1' })
    const given = { BASE_URL: stack.url, PAGES: '1', EXPECT: 'E6=baseline' }
    const long = await run('product-list', given)
    t.equal(long.code, 0, long.output)
    const bytesOf = (result: K6Result) =>
      countOf(result, 'data_received') / countOf(result, 'iterations')
    t.ok(bytesOf(long) > 480_000 && bytesOf(small) < 30_000, `${bytesOf(small)}, ${bytesOf(long)}`)
    const corrupt = ({ status, body }: ProxiedResponse) => ({
      status,
      body: body.replace('quiet ', ''),
    })
    const BASE_URL = await corruptedUrl(t, stack.url, { operation: 'GET /products?page', corrupt })
    t.same((await run('product-list', { ...given, BASE_URL })).failedChecks, [
      'list: holds what it must',
    ])
  })

  t.test(
    'an open loop starts iterations at the given rate, and at three times the rate in a spike',
    async (t) => {
      const open = { BASE_URL: stack.url, RATE: '20', VUS: '20' }
      const steady = await run('product-list', { ...open, MODE: 'rate', DURATION: '2s' })
      t.equal(steady.code, 0, steady.output)
      t.ok(Math.abs(scheduledIn(steady) - 40) <= 2, 'two seconds of 20')
      const spiked = await run('product-list', { ...open, MODE: 'spike', DURATION: '3s' })
      t.equal(spiked.code, 0, spiked.output)
      t.ok(Math.abs(scheduledIn(spiked) - 100) <= 5, 'a second of 20, one of 60, one of 20')
    },
  )

  t.test('under stress a growing number of users requests only readiness', async (t) => {
    const given = { BASE_URL: stack.url, MODE: 'stress', VUS: '8', DURATION: '2s' }
    const result = await run('health-check', given)
    t.equal(result.code, 0, result.output)
    t.ok((result.metrics.vus?.min ?? 0) < (result.metrics.vus?.max ?? 0), 'they become more')
    t.equal(result.metrics.checks?.passes, 2 * countOf(result, 'iterations'))
  })

  t.test('slow responses and dropped iterations fail a run, but not a smoke test', async (t) => {
    const slow = {
      operation: 'GET /products?page',
      corrupt: (response: ProxiedResponse) => response,
    }
    const BASE_URL = await corruptedUrl(t, stack.url, { ...slow, delayMs: 100 })
    const given = { BASE_URL, MODE: 'rate', RATE: '30', VUS: '1' }
    const measured = await run('product-list', { ...given, SMOKE: '' })
    t.equal(measured.code, crossedThreshold, measured.output)
    t.same(measured.crossed.toSorted(), [
      'dropped_iterations count==0',
      'http_req_duration{name:GET /products?page} p(95)<50',
    ])
    const smoke = await run('product-list', given)
    t.equal(smoke.code, 0, smoke.output)
  })

  t.test('an invalid mode or number is an error', async (t) => {
    const words = await run('product-list', { BASE_URL: stack.url, MODE: 'fast' })
    t.not(words.code, 0)
    t.match(words.output, 'MODE is one of users, count, stress, rate, spike, not fast.')
    const numbers = await run('product-list', { BASE_URL: stack.url, VUS: 'many' })
    t.not(numbers.code, 0)
    t.match(numbers.output, 'VUS is a number from 1, not many.')
  })

  t.test('a run that hangs is killed', async (t) => {
    const given = { BASE_URL: stack.url, DURATION: '60s' }
    const command = programOf(found)
    const env = environment()
    const result = await runK6({ command, script: 'health-check', env, given, timeoutMs: 1_000 })
    t.equal(result.code, -1)
    t.same(result.metrics, {})
  })
})
