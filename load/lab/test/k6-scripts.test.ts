import { environment } from '@flash-deal/config'
import { startStack } from '@flash-deal/local/stack'
import t from 'tap'
import { programOf, runK6 } from '../k6.ts'
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
 * `k6-scripts.long.test.ts` has all of them, and `k6-modes.long.test.ts` what they count and report.
 */

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

  t.test('exactly the given number of iterations runs', async (t) => {
    const given = { BASE_URL: stack.url, MODE: 'count', COUNT: '25' }
    const result = await run('product-insert', given)
    t.equal(result.code, 0, result.output)
    t.equal(countOf(result, 'iterations'), 25)
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
