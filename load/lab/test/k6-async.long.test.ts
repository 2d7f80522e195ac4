import { startStack } from '@flash-deal/local/stack'
import { servers } from '@flash-deal/testing'
import t from 'tap'
import { countOf, mistakesAreSeen, run, skip as withoutK6 } from './k6-runs.ts'
import { asyncMistakes } from './mistakes.ts'

/** `async-order` where orders are asynchronous (H2), with a real broker. */

t.setTimeout(600_000)

const skip = withoutK6 || (servers().kafka === undefined && 'Java or Maven is not installed')

for (const H2 of ['optimized', 'queue-first']) {
  t.test(`async-order with H2=${H2}`, { skip }, async (t) => {
    const settings = { SCENARIO_H2: H2, SCENARIO_M1: 'optimized', SCENARIO_H1: 'optimized' }
    const stack = await startStack({ settings })
    t.teardown(() => stack.end())

    await t.test('every accepted order is decided', async (t) => {
      const result = await run('async-order', { BASE_URL: stack.url, EXPECT: `H2=${H2}` })
      t.equal(result.code, 0, result.output)
      t.ok(countOf(result, 'orders_accepted') > 2)
      t.equal(countOf(result, 'orders_confirmed'), countOf(result, 'orders_accepted'))
      t.same([...result.failedChecks, ...result.crossed], [])
    })

    await t.test('sold out is no failure: rejected at once, or with a reason later', async (t) => {
      const result = await run('async-order', { BASE_URL: stack.url, STOCK: '5' })
      t.equal(result.code, 0, result.output)
      t.equal(countOf(result, 'orders_confirmed'), 5)
      const rejected = countOf(result, 'orders_rejected')
      t.equal(rejected, countOf(result, 'orders_accepted') - 5)
      t.equal(rejected > 0, H2 === 'queue-first')
    })

    if (H2 === 'optimized') mistakesAreSeen(t, stack.url, asyncMistakes)
  })
}
