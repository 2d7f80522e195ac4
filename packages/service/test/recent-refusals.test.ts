import t from 'tap'
import { RecentRefusals } from '../src/recent-refusals.ts'

const open = () => {
  const clock = { now: 1_000 }
  const refusals = new RecentRefusals<string>({ validMs: 100, recheckMs: 40 }, () => clock.now)
  return { clock, refusals }
}

t.test(
  'a rejection is repeated until its maximum age, measured from the call, not the response',
  async (t) => {
    const { clock, refusals } = open()
    t.equal(refusals.of('a'), undefined)
    const learn = refusals.asking('a')
    clock.now += 20
    learn('none')
    t.equal(refusals.of('a'), 'none')
    t.equal(refusals.of('b'), undefined, 'another line has no refusal')
    refusals.asking('a')
    clock.now += 79
    t.equal(refusals.of('a'), 'none')
    clock.now += 1
    t.equal(refusals.of('a'), undefined)
  },
)

t.test(
  'after the shorter age one request calls again, and the others are still rejected',
  async (t) => {
    const { clock, refusals } = open()
    refusals.asking('a')('none')
    clock.now += 40
    t.equal(refusals.of('a'), undefined)
    const learn = refusals.asking('a')
    t.equal(refusals.of('a'), 'none')
    learn('still none')
    clock.now += 39
    t.equal(refusals.of('a'), 'still none')
  },
)

t.test('a release discards rejections, including those of earlier calls', async (t) => {
  const { refusals } = open()
  refusals.asking('a')('none')
  const learn = refusals.asking('a')
  refusals.forgetAll()
  t.equal(refusals.of('a'), undefined)
  learn('none')
  t.equal(refusals.of('a'), undefined)
})

t.test('it remembers at most 1,000 rejections', async (t) => {
  const { refusals } = open()
  for (let line = 0; line < 1_001; line++) refusals.asking(String(line))('none')
  t.equal(refusals.of('0'), undefined)
  t.equal(refusals.of('1000'), 'none')
})
