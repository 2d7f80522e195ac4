import t from 'tap'
import { salesAreTold, skip } from './sales-are-told.ts'

/** `npm run lab -- fairness` reports arrivals and successes of real sales. */

t.test('a variant is measured and reported', { skip }, (t) =>
  salesAreTold(t, { variants: ['optimized'], buyers: [20] }),
)
