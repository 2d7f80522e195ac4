import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { variantsOf } from '@flash-deal/config'
import { PlainError } from '@flash-deal/local/plain-error'
import { faults, faultsOf, idOf } from './faults.ts'
import type { Form } from './form.ts'

/** What a run of the suite consists of. */
export type Wanted = {
  form: Form
  /** Ids of faults. */
  faults: readonly string[]
  /** Of M1. */
  variants: readonly string[]
  /** Rounds in which each fault has to happen; as the form says, where nothing is said. */
  rounds?: number
  /** The same for the kills alone. */
  killRounds?: number
  /** Of the first round of each fault; each after it has the next. */
  seed: number
  /** Orders that are asked for in a round. */
  requests: number
  /** The folder of the report. */
  report?: string
}

export const usage = `Usage: npm run faults [-- options]
Breaks a system of its own under load and checks that nothing is lost, oversold or left over.
  --only kill,freeze-postgres  faults or kinds of them, with commas between them (all)
  --variant optimized          variants of M1, with commas between them (baseline; --long: all)
  --rounds 3                   for each fault (3; --long: see there)
  --kill-rounds 10             for each kill, where that is to be another number
  --seed 1                     of the first round; the rounds after it take the next ones (drawn)
  --requests 500               orders asked for in a round
  --long                       stops of 10 and 30 s instead of 2 and 6 s, 10,000 buyers instead of
                               2,000; 50 rounds of each kill for optimized, 10 for the other variants;
                               takes nearly two hours
  --report FOLDER              writes what came of it there (--long: load/results/<date>-faults)
  --resume                     goes on with the run that was interrupted, of the same commit; alone
The faults: ${faults.map(idOf).join(', ')}`

/** @throws PlainError naming what is allowed */
export const readArguments = (args: readonly string[]): Wanted | 'help' | 'resume' => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return 'help'
  if (values.resume && args.length > 1) {
    throw new PlainError('--resume goes on with the options of the run; give no other.')
  }
  return values.resume ? 'resume' : wantedFrom(values)
}

const options = {
  only: { type: 'string' },
  variant: { type: 'string' },
  rounds: { type: 'string' },
  'kill-rounds': { type: 'string' },
  seed: { type: 'string' },
  requests: { type: 'string', default: '500' },
  long: { type: 'boolean', default: false },
  report: { type: 'string' },
  resume: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

const wantedFrom = (values: Values): Wanted => {
  const { long, rounds, 'kill-rounds': killRounds } = values
  const seed = values.seed ?? `${randomInt(1_000_000)}`
  const report = values.report ?? (long ? `load/results/${today()}-faults` : undefined)
  const wanted: Wanted = {
    form: long ? 'long' : 'short',
    faults: faultsNamed(values.only),
    variants: variantsNamed(values.variant, long),
    seed: wholeNumber('seed', seed, 0, 2 ** 31 - 1),
    requests: wholeNumber('requests', values.requests, 100, 10_000),
    ...(rounds !== undefined && { rounds: wholeNumber('rounds', rounds, 1, 1_000) }),
    ...(killRounds !== undefined && {
      killRounds: wholeNumber('kill-rounds', killRounds, 1, 1_000),
    }),
    ...(report !== undefined && { report }),
  }
  refuseNothing(wanted)
  return wanted
}

const today = (): string => new Date().toISOString().slice(0, 10)

const faultsNamed = (list: string | undefined): string[] => {
  if (list === undefined) return faults.map(idOf)
  const words = new Set(list.split(','))
  const known = new Set([...faults.map(({ kind }) => kind), ...faults.map(idOf)])
  refuseUnknown('only', words, known)
  return faults.filter((fault) => words.has(fault.kind) || words.has(idOf(fault))).map(idOf)
}

const variantsNamed = (list: string | undefined, long: boolean): string[] => {
  const known = variantsOf('M1')
  if (list === undefined) return long ? known : ['baseline']
  const words = list.split(',')
  refuseUnknown('variant', new Set(words), new Set(known))
  return words
}

const refuseUnknown = (option: string, words: Set<string>, known: Set<string>): void => {
  if (words.isSubsetOf(known)) return
  throw new PlainError(`--${option} takes ${[...known].join(', ')}, with commas between them.`)
}

/** Redis, where it has no part in a variant, cannot be broken to any effect. */
const refuseNothing = ({ faults, variants }: Wanted): void => {
  const isThere = variants.some((each) =>
    faultsOf(each).some((fault) => faults.includes(idOf(fault))),
  )
  if (isThere) return
  throw new PlainError(
    `${faults.join(', ')} can befall no system with M1=${variants.join(', ')}: it does without what would be broken.`,
  )
}

const wholeNumber = (option: string, text: string, from: number, to: number): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= from && value <= to) return value
  throw new PlainError(`--${option} takes a whole number from ${from} to ${to}.`)
}
