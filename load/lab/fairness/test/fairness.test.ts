import t from 'tap'
import { salesAreTold, skip } from './sales-are-told.ts'

/** `npm run lab -- fairness`: who came first, and who won, is told of what was really sold. */

t.test('a variant is sold and told of', { skip }, (t) =>
  salesAreTold(t, { variants: ['optimized'], buyers: [20] }),
)
