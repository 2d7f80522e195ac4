import t from 'tap'
import { salesAreTold, skip } from './sales-are-told.ts'

/** The short form has one variant; each has a system of its own. */

t.setTimeout(120_000)

t.test('two variants with two numbers of buyers are measured and reported', { skip }, (t) =>
  salesAreTold(t, { variants: ['baseline', 'optimized'], buyers: [20, 40] }),
)
