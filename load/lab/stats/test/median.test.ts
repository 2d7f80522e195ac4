import t from 'tap'
import { median } from '../median.ts'

/** The middle of some figures. */

t.test('the middle value, or the mean of the two middle values', async (t) => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.equal(median([7]), 7)
})
