import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { environment, scenarioOf } from '@flash-deal/config'
import { onEnd } from '@flash-deal/local/lifetime'
import { wholeNumber } from '@flash-deal/local/option-number'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { fairness, usualSales } from './fairness/fairness.ts'
import { type LoadKind, loadKinds } from './loads.ts'
import { measure, newFolder, type Rest, resume, type Wanted } from './measure.ts'
import { nameToResume } from './resume.ts'
import { selfTest } from './self-test/self-test.ts'
import { codeOfStored, say } from './stored-runs.ts'
import { subjects } from './subjects/index.ts'

/** `npm run lab`: the laboratory. */

const usage = `Usage: npm run lab -- <id>… [--variants a,b] [--load KIND] [--seed N] [--cap MINUTES]
       npm run lab -- --resume FOLDER [--cap MINUTES]
       npm run lab -- --smoke [<id>…]
       npm run lab -- list
       npm run lab -- verify FOLDER
       npm run lab -- rejudge FOLDER…
       npm run lab -- stale
       npm run lab -- compare FOLDER FOLDER
       npm run lab -- self-test
       npm run lab -- fairness
Measures the effect of a scenario on a system of its own: 20 to 40 minutes each, with nothing else
running on this machine. Ctrl-C keeps the finished restarts; --resume measures the missing ones, on the
same commit, with the options that the run began with.
  --variants  the variants to compare with the baseline; by default all others
  --load      capacity (default): a closed loop that saturates the arm; latency: an open loop at a
              share of the baseline's capacity; spike: the same with three times the rate for 10 s;
              replay: 100 users with think time, by k6 and through the gateway
  --share     the rate of an open loop in per cent of that capacity (50); several for several runs: 30,50,70
  --warm      requests to each arm before its first slice (30,000, fewer for slow requests)
  --smoke     a few seconds each: checks that every arm runs and responds correctly. No verdicts.
  --cap       the most minutes (20), checked between restarts from the tenth on
  list        lists the scenarios and whether the lab can measure them
  verify      judges the raw slices of a run again and compares; also the raw rounds of fairness and
              of the fault tests
  rejudge     judges by the current rules, and rewrites summary and reports
  stale       lists the runs whose code has changed since, most changes first
  compare     prints two runs side by side, without a verdict
  self-test   checks whether the lab detects known differences on this machine, about 35 minutes
  fairness    measures whether requests are served in their order of arrival, for each variant of
              M1, about 10 minutes`

const readArguments = () =>
  parseArgs({
    allowPositionals: true,
    tokens: true,
    options: {
      variants: { type: 'string', default: '' },
      load: { type: 'string', default: 'capacity' },
      share: { type: 'string', default: '50' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      cap: { type: 'string', default: '20' },
      warm: { type: 'string' },
      smoke: { type: 'boolean', default: false },
      resume: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })

type Arguments = ReturnType<typeof readArguments>

/** Returns the exit code. */
const main = async (): Promise<number> => {
  const given = readArguments()
  const { values, positionals } = given
  const [command, ...folders] = positionals
  const isEmpty = command === undefined && !values.smoke && values.resume === undefined
  if (values.help || isEmpty) return say(usage)
  return codeOfStored(command, folders) ?? run(given)
}

/** Starts systems and measures them. */
const run = async (options: Arguments): Promise<number> => {
  const { values, positionals, tokens } = options
  const given = {
    kind: loadKindOf(values.load),
    share: 50,
    seed: wholeNumber('seed', values.seed, 0),
    capMs: wholeNumber('cap', values.cap, 1) * 60_000,
  }
  const controller = new AbortController()
  const abort = controller.signal
  onEnd(environment(), { end: () => controller.abort(), hurry: () => process.exit(130) })
  const [command] = positionals
  if (values.resume !== undefined) {
    const named = tokens.flatMap((token) => (token.kind === 'option' ? token.rawName : []))
    const name = nameToResume(positionals, named)
    return measureRest({ folder: values.resume, name, capMs: given.capMs }, abort)
  }
  if (command === 'fairness') {
    const folder = newFolder('fairness')
    return (await fairness({ ...usualSales, seed: given.seed, folder, abort })) ? 0 : 130
  }
  if (command === 'self-test') return (await selfTest({ ...given, abort })) ? 0 : 1
  return measureAll(options, given, abort)
}

const measureRest = async (rest: Rest, abort: AbortSignal): Promise<number> => {
  const isValid = await resume(rest, abort)
  if (abort.aborted) return 130
  return isValid ? 0 : 1
}

type Given = Pick<Wanted, 'kind' | 'seed' | 'capMs'>

/** Measures every subject at every share of the capacity. */
const measureAll = async (
  { values, positionals }: Arguments,
  given: Given,
  abort: AbortSignal,
): Promise<number> => {
  const names = positionals.length === 0 ? implemented() : positionals
  const shares = values.share.split(',').map((text) => wholeNumber('share', text, 1))
  const variants = values.variants.split(',').filter(Boolean)
  const warm = values.warm === undefined ? undefined : wholeNumber('warm', values.warm, 1)
  const { smoke } = values
  let allWell = true
  for (const [id, share] of names.flatMap((name) => shares.map((each) => [name, each] as const))) {
    allWell = (await measure({ ...given, share, id, variants, warm, smoke }, abort)) && allWell
    if (abort.aborted) return 130
  }
  return allWell ? 0 : 1
}

/** The ids of the subjects in the smoke test. */
const implemented = (): string[] =>
  subjects.filter(({ id }) => scenarioOf(id).status === 'implemented').map(({ name }) => name)

const loadKindOf = (text: string): LoadKind => {
  const kind = loadKinds.find((each) => each === text)
  if (kind) return kind
  throw new PlainError(`--load is one of ${loadKinds.join(', ')}, not "${text}".`)
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
