import t from 'tap'
import { header, type Simulation } from '../../verdict/test/simulate.ts'
import { evidenceOf } from '../evidence.ts'
import { limitsOf } from '../limits.ts'
import { inFirstBlock, loads, runOf } from './runs.ts'

/** What a run does not show follows from the run. */

const limits = (simulation: Simulation = {}) =>
  limitsOf(evidenceOf(runOf(simulation)), {}).join('\n')

const sound = { header: header({ checksInvariants: true }), noise: { slice: 0.02, restart: 0.01 } }

const table: readonly [what: string, simulation: Simulation, sentence: string][] = [
  ['few restarts', { restarts: 4 }, 'Only 4 restarts count; a verdict needs 10.'],
  [
    'refused slices',
    { change: inFirstBlock({ foreignCpu: 0.3 }) },
    '6 of 480 slices do not count, each for a reason that is listed.',
  ],
  [
    'a machine that was busy with other programs',
    { change: ({ machineCpu }) => ({ machineCpu: machineCpu * 1.2 }) },
    "of the machine's busy time, not for 90 to 110 %.",
  ],
  [
    'a hypervisor that took time',
    { change: () => ({ stolenCpu: 0.1 }) },
    'The hypervisor gave 10.0 % of a core to other machines',
  ],
  [
    'a drift',
    { change: ({ restart, cpu }) => ({ cpu: { all: (cpu.product ?? 0) * (1 + restart / 10) } }) },
    "The baseline's CPU for a unit of work changed by ",
  ],
  [
    'a tree with changes',
    { header: header({ commit: 'df32609 with changes' }) },
    'The tree had uncommitted changes, so the commit is not the measured code.',
  ],
  [
    'invariants that were not checked',
    { header: header({ checksInvariants: false }) },
    'The invariants were not checked at the end.',
  ],
  [
    'no second baseline',
    { header: header({ arms: header().arms.filter(({ role }) => role !== 'repeat') }) },
    'There are no pairs of equal arms',
  ],
]

for (const [what, simulation, sentence] of table) {
  t.test(`${what}: a sentence names it, and only then`, async (t) => {
    t.match(limits({ ...sound, ...simulation }), sentence)
    t.notMatch(limits(sound), sentence)
  })
}

t.test('the general limits are always listed: one machine, its layout, loopback', async (t) => {
  t.match(limits(sound), 'The run used one machine with 2 cores: simulated.')
  t.match(limits(sound), 'The layout is fixed: server 0, generator 1.')
  t.match(limits(sound), 'Requests use loopback')
})

t.test('each load has its own limit', async (t) => {
  const said = loads.map((load) => limits({ ...sound, header: header({ load }) }))
  const of = (sentence: string) => said.map((each) => each.includes(sentence))
  t.strictSame(of('They are not latencies at a given rate.'), [true, false, false])
  t.strictSame(of('The latencies are valid only for this rate'), [false, true, false])
  t.strictSame(of('the rate follows from the mean latency'), [false, false, true])
})
