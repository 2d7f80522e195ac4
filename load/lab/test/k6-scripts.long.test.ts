import { startStack } from '@flash-deal/local/stack'
import t from 'tap'
import { mistakesAreSeen, otherVariantIsRefused, scripts, skip } from './k6-runs.ts'
import { mistakes } from './mistakes.ts'

/** Every mistake that a script must see, and every script where another variant is on. */

t.setTimeout(600_000)

t.test('k6', { skip }, async (t) => {
  const stack = await startStack()
  t.teardown(() => stack.end())
  for (const script of scripts) otherVariantIsRefused(t, stack.url, script)
  mistakesAreSeen(t, stack.url, mistakes)
})
