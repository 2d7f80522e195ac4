import t from 'tap'
import { hasPassed, type Played, verdictOf } from '../battery.ts'
import { faults } from '../faults.ts'
import { resultOf, summaryOf } from '../report.ts'
import type { Round } from '../round.ts'

/** When a row of the battery has passed, and what is said of it. */

const [fault] = faults
if (fault === undefined) throw new Error('The table of faults is empty.')
const played = (round: Partial<Round>): Played => ({
  fault,
  seed: 7,
  number: 1,
  round: { broken: [], history: [], ...round },
})

const held = played({})
const idle = played({ void: 'it was over' })
const broken = played({ broken: ['I3'], void: 'it was over' })

t.test('what broke is broken, whether the fault happened or not', async (t) => {
  t.strictSame([held, idle, broken].map(verdictOf), ['held', 'void', 'broken'])
})

t.test('a row passes with a round that held, and none that broke', async (t) => {
  t.ok(hasPassed([idle, held]))
  t.notOk(hasPassed([held, broken]))
  t.notOk(hasPassed([idle, idle]))
})

t.test('the last line says whether the invariants held', async (t) => {
  t.equal(summaryOf([[held, idle]]), 'Every invariant held in 1 rounds (1 void).')
  t.equal(summaryOf([[held, broken]]), 'Broken in 1 of 2 rounds.')
  t.equal(summaryOf([[held], [idle]]), 'Every round was void for: order. Nothing was shown.')
})

t.test('a round that broke says what, and how to see it again', async (t) => {
  const command = 'npm run faults -- --only kill --target order --rounds 1 --seed 7 --requests 500'
  t.match(resultOf(broken, 500), /broken.*\n {2}I3\n/)
  t.ok(resultOf(broken, 500).includes(command))
})
