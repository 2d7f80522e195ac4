import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { resolveScenarios, variantsOf } from '@flash-deal/config'
import { wholeNumber } from '@flash-deal/local/option-number'
import { PlainError } from '@flash-deal/local/plain-error'
import { faults, faultsOf, idOf } from './faults.ts'
import type { Form } from './form.ts'

/** The options of a run of the suite. */
export type SuiteOptions = {
  form: Form
  /** Fault ids. */
  faults: readonly string[]
  /** Variants of M1. */
  variants: readonly string[]
  /** Further scenarios of the systems, as in SCENARIOS; empty by default. */
  scenarios: string
  /** Rounds per fault in which the fault is injected. Default: see `roundsOf`. */
  rounds?: number
  /** The same for kills only. */
  killRounds?: number
  /** Seed of the first round of each fault; each later round adds one. */
  seed: number
  /** Orders requested in a round. */
  requests: number
  /** Output folder of the report. */
  report?: string
}

export const usage = `Usage: npm run faults [-- options]
Starts a system, injects faults under load and checks that nothing is lost, oversold or left over.
  --only kill,freeze-postgres  comma-separated faults or kinds of faults (default: all)
  --variant optimized          comma-separated variants of M1 (default: baseline; --long: all)
  --with h3,h4                 further scenarios, as in SCENARIOS; a fault that needs order in Node is
                               left out with h4
  --rounds 3                   rounds per fault (default: 3; see --long)
  --kill-rounds 10             rounds per kill (default: --rounds)
  --seed 1                     seed of the first round; each later round adds one (default: random)
  --requests 500               orders requested in a round
  --long                       pauses of 10 and 30 s instead of 2 and 6 s, 10,000 buyers instead of
                               2,000; 50 rounds of each kill for optimized, 10 for the other variants;
                               takes nearly two hours
  --report FOLDER              writes the report there (--long: load/results/<date>-faults)
  --resume                     continues the interrupted run of the same commit; takes no other option
The faults: ${faults.map(idOf).join(', ')}`

/** @throws PlainError that lists the allowed values */
export const readArguments = (args: readonly string[]): SuiteOptions | 'help' | 'resume' => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return 'help'
  if (values.resume && args.length > 1) {
    throw new PlainError('--resume takes no other option: it continues the interrupted run.')
  }
  return values.resume ? 'resume' : wantedFrom(values)
}

const options = {
  only: { type: 'string' },
  variant: { type: 'string' },
  with: { type: 'string', default: '' },
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

const wantedFrom = (values: Values): SuiteOptions => {
  const { long, rounds, 'kill-rounds': killRounds } = values
  const seed = values.seed ?? `${randomInt(1_000_000)}`
  const report = values.report ?? (long ? `load/results/${today()}-faults` : undefined)
  // Throws if a scenario cannot be switched on, before anything starts.
  resolveScenarios({}, { SCENARIOS: values.with })
  const wanted: SuiteOptions = {
    form: long ? 'long' : 'short',
    faults: faultsNamed(values.only),
    variants: variantsNamed(values.variant, long),
    scenarios: values.with,
    seed: wholeNumber('seed', seed, 0, 2 ** 31 - 1),
    requests: wholeNumber('requests', values.requests, 100, 10_000),
    ...(rounds !== undefined && { rounds: wholeNumber('rounds', rounds, 1, 1_000) }),
    ...(killRounds !== undefined && {
      killRounds: wholeNumber('kill-rounds', killRounds, 1, 1_000),
    }),
    ...(report !== undefined && { report }),
  }
  refuseFaultsWithoutTarget(wanted)
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
  throw new PlainError(`--${option} takes a comma-separated list of: ${[...known].join(', ')}.`)
}

/** A fault of Redis has no effect on a variant that does not use Redis. */
const refuseFaultsWithoutTarget = ({ faults, variants, scenarios }: SuiteOptions): void => {
  const isThere = variants.some((each) =>
    faultsOf(each, scenarios).some((fault) => faults.includes(idOf(fault))),
  )
  if (isThere) return
  throw new PlainError(
    `${faults.join(', ')} cannot be injected with M1=${variants.join(', ')}: the target of the fault is not part of that system.`,
  )
}
