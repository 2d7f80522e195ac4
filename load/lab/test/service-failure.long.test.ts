import { setTimeout as pause } from 'node:timers/promises'
import { freeze } from '@flash-deal/local/freeze'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { Link } from '@flash-deal/testing/link'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import type { K6Result } from '../k6.ts'
import { countOf, run, skip } from './k6-runs.ts'

/** `service-failure` while product is killed, hangs or is slow, with M5's breaker before it. */

t.setTimeout(600_000)

/** A call to product that hangs ends after it, and so does nothing that needs no call. */
const timeoutMs = 2_000

const settings = {
  SCENARIO_M5: 'optimized',
  BREAKER_CALLS_MIN: '4',
  BREAKER_TIMEOUT_MS: `${timeoutMs}`,
  BREAKER_OPEN_MS: '1000',
}

/** Waits for the first purchase. */
const untilSold = async ({ adminUrl }: Stack): Promise<void> => {
  const sql = postgres(adminUrl, { max: 1 })
  const deadline = Date.now() + 20_000
  try {
    while ((await sql`select from orders.orders limit 1`).length === 0) {
      if (Date.now() > deadline) throw new Error('Nothing was sold within 20 s.')
      await pause(20)
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The script, with a failure as soon as it sells. */
const runWith = async (stack: Stack, fail: () => void): Promise<K6Result> => {
  const given = { BASE_URL: stack.url, EXPECT: 'M5=optimized', VUS: '10', DURATION: '8s' }
  const running = run('service-failure', given)
  await untilSold(stack)
  fail()
  return running
}

const lists = 'http_req_duration{name:GET /orders?size}'
const slowerMs = 500

const listsAreServed = (t: Test, { metrics }: K6Result): void => {
  const p99 = metrics[lists]?.['p(99)'] ?? 0
  t.ok(p99 > 0 && p99 < timeoutMs, `the p99 of lists of orders is ${p99} ms`)
}

const opens = async (t: Test, fail: (stack: Stack) => void): Promise<void> => {
  const stack = await startStack({ settings })
  t.teardown(() => stack.end())
  const result = await runWith(stack, () => fail(stack))
  t.equal(result.code, 0, result.output)
  t.ok(countOf(result, 'orders_won') > 0)
  const unavailable = result.metrics.order_unavailable_ms
  t.ok((unavailable?.count ?? 0) > 20, 'orders are refused by the open breaker')
  t.ok(
    (unavailable?.med ?? timeoutMs) < timeoutMs / 4,
    `a refusal takes ${unavailable?.med} ms (median)`,
  )
  listsAreServed(t, result)
}

t.test('product is killed', { skip }, (t) =>
  opens(t, ({ supervisor }) => supervisor.kill('product', 'SIGKILL')),
)

t.test('product hangs', { skip }, (t) =>
  opens(t, (stack) => {
    t.teardown(freeze(stack, 'product'))
  }),
)

t.test('product is 500 ms slower: orders wait for it, lists do not', { skip }, async (t) => {
  const stack = await startStack({ settings })
  t.teardown(() => stack.end())
  const link = await Link.to(t, stack.addresses.product)
  await stack.supervisor.stop('order')
  await stack.restart('order', { PRODUCT_URLS: new URL(link.url).origin })
  const result = await runWith(stack, () => link.delayAnswers(slowerMs))
  t.equal(result.code, 0, result.output)
  t.ok(countOf(result, 'orders_won') > 0)
  t.equal(result.metrics.order_unavailable_ms?.count ?? 0, 0, 'slow is not failing')
  listsAreServed(t, result)
  t.ok((result.metrics[lists]?.med ?? slowerMs) < slowerMs, 'half of the lists take less time')
})
