import t from 'tap'
import { costsOf, reachableShare } from '../overload/costs.ts'
import { emptySecond } from '../overload/phases.ts'

t.test('rejections cost the CPU time that orders did not take', (t) => {
  const second = (ordered: number, shed: number) => ({ ...emptySecond(), ordered, shed })
  const calm = { cpuSeconds: 1, seconds: [second(400, 0), second(600, 0)] }
  const during = { cpuSeconds: 1, seconds: [second(500, 2_000), second(0, 3_000)] }
  t.strictSame(costsOf(calm, during), { order: 1_000, rejection: 100 })
  t.end()
})

t.test('the share that a busy process keeps follows from the two costs', (t) => {
  t.equal(reachableShare({ order: 1_000, rejection: 0 }, 5), 1)
  t.equal(reachableShare({ order: 1_000, rejection: 200 }, 5), 0)
  t.equal(reachableShare({ order: 1_000, rejection: 500 }, 5), 0)
  const costs = { order: 1_000, rejection: 100 }
  const share = reachableShare(costs, 5)
  t.equal(Math.round(share * costs.order + (5 - share) * costs.rejection), costs.order)
  t.end()
})
