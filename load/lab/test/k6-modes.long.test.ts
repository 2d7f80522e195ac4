import { startStack } from '@flash-deal/local/stack'
import t from 'tap'
import type { K6Result } from '../k6.ts'
import type { ProxiedResponse } from './corrupting-proxy.ts'
import { corruptedUrl, countOf, run, skip } from './k6-runs.ts'

/** The modes of the k6 scripts, and what they count and report. */

/** What an open loop was to begin, whether it could or not. */
const scheduledIn = (result: K6Result): number =>
  countOf(result, 'iterations') + countOf(result, 'dropped_iterations')

t.setTimeout(120_000)

t.test('k6', { skip }, async (t) => {
  const stack = await startStack()
  t.teardown(() => stack.end())

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
})
