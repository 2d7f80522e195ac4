import t from 'tap'
import { readArguments, type Wanted } from '../arguments.ts'

/** What the command can be asked for. */

const targetsOf = (wanted: Wanted | 'help') =>
  wanted === 'help' ? [] : wanted.faults.map(({ target }) => target)

t.test('by default every fault is played three times, from a drawn seed', async (t) => {
  const wanted = readArguments([])
  t.strictSame(targetsOf(wanted), ['order', 'product', 'gateway', 'postgres'])
  t.match(wanted, { rounds: 3, requests: 500, seed: Number })
})

t.test('faults can be chosen', async (t) => {
  const args = '--only kill --target product,postgres --rounds 1 --seed 9 --requests 200'.split(' ')
  const wanted = readArguments(args)
  t.strictSame(targetsOf(wanted), ['product', 'postgres'])
  t.match(wanted, { rounds: 1, seed: 9, requests: 200 })
})

const refused: readonly [string[], RegExp][] = [
  [['--target', 'order,auth'], /^--target takes order, product, gateway, postgres/],
  [['--only', 'pause'], /^--only takes kill/],
  [['--rounds', '0'], /^--rounds takes a whole number from 1/],
  [['--seed', '1.5'], /^--seed takes a whole number from 0/],
  [['--requests', 'many'], /^--requests takes a whole number from 100/],
]

for (const [args, message] of refused) {
  t.test(`${args.join(' ')} is refused with what is allowed`, async (t) => {
    t.throws(() => readArguments(args), { name: 'PlainError', message })
  })
}
