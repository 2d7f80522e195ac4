import { variantsOf } from '@flash-deal/config'
import t from 'tap'
import { readArguments } from '../arguments.ts'
import { faults, idOf } from '../faults.ts'

/** The command line of the suite. */

const read = (line: string) => readArguments(line === '' ? [] : line.split(' '))

t.test('by default every fault runs with the baseline and a random seed', async (t) => {
  const all = { faults: faults.map(idOf), variants: ['baseline'] }
  t.match(read(''), { ...all, form: 'short', requests: 500, seed: Number })
})

t.test('faults are selected by kind or by id, variants by name', async (t) => {
  const line =
    '--only freeze,kill-order --variant redis,optimized --rounds 1 --seed 9 --requests 200'
  t.match(read(line), {
    faults: [
      'kill-order',
      'freeze-postgres',
      'freeze-product',
      'freeze-valkey',
      'freeze-redlock-1',
    ],
    variants: ['redis', 'optimized'],
    ...{ rounds: 1, seed: 9, requests: 200 },
  })
})

t.test('further scenarios are validated before anything starts', async (t) => {
  t.match(read('--with h3,e5'), { scenarios: 'h3,e5' })
  t.throws(() => read('--with h3:fast'), { message: /Scenario H3 has no variant "fast"/ })
})

t.test('the long form runs every variant and writes a report', async (t) => {
  const report = /^load\/results\/\d{4}-\d{2}-\d{2}-faults$/
  t.match(read('--long'), { form: 'long', variants: variantsOf('M1'), report })
  t.match(read('--long --report here'), { report: 'here' })
})

t.test('--resume continues the interrupted run', async (t) => {
  t.equal(read('--resume'), 'resume')
})

const refused: readonly [string, RegExp][] = [
  ['--only kill,auth', /^--only takes a comma-separated list of: kill, .*kill-order, /],
  [
    '--variant fast',
    /^--variant takes a comma-separated list of: baseline, redlock, conditional, optimized, redis\./,
  ],
  ['--only freeze-valkey', /^freeze-valkey cannot be injected with M1=baseline/],
  ['--rounds 0', /^--rounds takes a whole number from 1/],
  ['--kill-rounds 0', /^--kill-rounds takes a whole number from 1/],
  ['--seed 1.5', /^--seed takes a whole number from 0/],
  ['--requests many', /^--requests takes a whole number from 100/],
  ['--resume --long', /^--resume takes no other option/],
]

for (const [line, message] of refused) {
  t.test(`${line} is rejected with the allowed values`, async (t) => {
    t.throws(() => read(line), { name: 'PlainError', message })
  })
}
