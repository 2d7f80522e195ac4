import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { PlainError } from '@flash-deal/local/plain-error'
import type { Extent } from './battery.ts'
import { type Fault, faults } from './faults.ts'

export type Wanted = Extent & { faults: readonly Fault[] }

export const usage = `Usage: npm run faults [-- options]
Breaks a system of its own under load and checks that nothing is lost, oversold or left over.
  --only kill             kinds of faults, with commas between them (all)
  --target order,product  whom they befall (all)
  --rounds 3              for each fault
  --seed 1                of the first round; the rounds after it take the next ones (drawn)
  --requests 500          orders asked for in a round`

/** @throws PlainError naming what is allowed */
export const readArguments = (args: readonly string[]): Wanted | 'help' => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      target: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: `${randomInt(1_000_000)}` },
      requests: { type: 'string', default: '500' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const kinds = chosen('only', values.only, ({ kind }) => kind)
  const targets = chosen('target', values.target, ({ target }) => target)
  return {
    faults: faults.filter(({ kind, target }) => kinds.has(kind) && targets.has(target)),
    rounds: wholeNumber('rounds', values.rounds, 1, 1_000),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 31 - 1),
    requests: wholeNumber('requests', values.requests, 100, 10_000),
  }
}

const chosen = (
  option: string,
  list: string | undefined,
  nameOf: (fault: Fault) => string,
): ReadonlySet<string> => {
  const known = new Set(faults.map(nameOf))
  if (list === undefined) return known
  const names = new Set(list.split(','))
  if (names.isSubsetOf(known)) return names
  throw new PlainError(`--${option} takes ${[...known].join(', ')}, with commas between them.`)
}

const wholeNumber = (option: string, text: string, from: number, to: number): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= from && value <= to) return value
  throw new PlainError(`--${option} takes a whole number from ${from} to ${to}.`)
}
