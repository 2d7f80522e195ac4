import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { environment, scenarioOf } from '@flash-deal/config'
import { onEnd } from '@flash-deal/local/lifetime'
import { root } from '@flash-deal/local/paths'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { besideEachOther } from './compare.ts'
import { fairness, usualSales } from './fairness/fairness.ts'
import { staleTable } from './files/stale-table.ts'
import { listTable } from './list.ts'
import { type LoadKind, loadKinds } from './loads.ts'
import { measure, newFolder } from './measure.ts'
import { rejudge } from './rejudge.ts'
import { selfTest } from './self-test/self-test.ts'
import { subjects } from './subjects/index.ts'
import { verify } from './verify.ts'
import { differencesOfOther } from './verify-other.ts'

/** `npm run lab`: the laboratory. */

const usage = `Usage: npm run lab -- <id>… [--variants a,b] [--load KIND] [--seed N] [--cap MINUTES] [--resume FOLDER]
       npm run lab -- --smoke [<id>…]
       npm run lab -- list
       npm run lab -- verify FOLDER
       npm run lab -- rejudge FOLDER…
       npm run lab -- stale
       npm run lab -- compare FOLDER FOLDER
       npm run lab -- self-test
       npm run lab -- fairness
Measures the effect of a scenario on a system of its own: about 20 minutes each, with nothing else
running on this machine. Ctrl-C keeps the finished restarts.
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
  self-test   checks whether the lab detects known differences on this machine, about 20 minutes
  fairness    measures whether requests are served in their order of arrival, for each variant of
              M1, about 10 minutes`

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
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
  const [first, folder, other] = positionals
  if (values.help || (first === undefined && !values.smoke)) return say(usage)
  if (first === 'list') return say(listTable())
  if (first === 'stale') return say(staleTable(root))
  if (first === 'verify') return verifyFolder(folder)
  if (first === 'rejudge') return rejudgeFolders(positionals.slice(1))
  if (first === 'compare') return compareFolders(folder, other)
  const given = {
    kind: loadKindOf(values.load),
    share: 50,
    seed: positive('--seed', values.seed),
    capMs: positive('--cap', values.cap) * 60_000,
  }
  const controller = new AbortController()
  const abort = controller.signal
  onEnd(environment(), { end: () => controller.abort(), hurry: () => process.exit(130) })
  if (first === 'fairness') {
    const folder = newFolder('fairness')
    return (await fairness({ ...usualSales, seed: given.seed, folder, abort })) ? 0 : 130
  }
  if (first === 'self-test') return (await selfTest({ ...given, abort })) ? 0 : 1
  const names = first === undefined ? implemented() : positionals
  const shares = values.share.split(',').map((text) => positive('--share', text))
  let allWell = true
  for (const [id, share] of names.flatMap((name) => shares.map((each) => [name, each] as const))) {
    const variants = values.variants.split(',').filter(Boolean)
    const warm = values.warm === undefined ? undefined : positive('--warm', values.warm)
    const wanted = {
      ...given,
      share,
      id,
      variants,
      warm,
      smoke: values.smoke,
      resume: values.resume,
    }
    allWell = (await measure(wanted, abort)) && allWell
    if (abort.aborted) return 130
  }
  return allWell ? 0 : 1
}

/** The ids of the subjects in the smoke test. */
const implemented = (): string[] =>
  subjects.filter(({ id }) => scenarioOf(id).status === 'implemented').map(({ name }) => name)

const say = (text: string): number => {
  console.log(text)
  return 0
}

const loadKindOf = (text: string): LoadKind => {
  const kind = loadKinds.find((each) => each === text)
  if (kind) return kind
  throw new PlainError(`--load is one of ${loadKinds.join(', ')}, not "${text}".`)
}

const positive = (option: string, text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) return value
  throw new PlainError(`${option} is a whole number from 1, not "${text}".`)
}

const compareFolders = (one: string | undefined, other: string | undefined): number => {
  if (one === undefined || other === undefined) {
    throw new PlainError('Name the folders of two runs: compare FOLDER FOLDER.')
  }
  return say(besideEachOther(one, other))
}

const rejudgeFolders = (folders: readonly string[]): number => {
  if (folders.length === 0) throw new PlainError('Name the folders of runs: rejudge FOLDER…')
  for (const folder of folders) {
    for (const { arm, verdict } of rejudge(folder).comparisons) {
      say(`${folder}, ${arm}: ${verdict.sentence}`)
    }
  }
  return 0
}

const verifyFolder = (folder: string | undefined): number => {
  if (folder === undefined) throw new PlainError('Name the folder of a run: verify FOLDER.')
  const other = differencesOfOther(folder)
  if (other) return sayDifferences(other, 'rounds', 'page')
  const { summary, differences } = verify(folder)
  for (const { arm, verdict } of summary.comparisons) say(`${arm}: ${verdict.sentence}`)
  return sayDifferences(differences, 'slices', 'summary')
}

const sayDifferences = (differences: readonly string[], raw: string, made: string): number => {
  for (const difference of differences) say(difference)
  say(
    differences.length === 0
      ? `The raw ${raw} give the ${made} to the last digit.`
      : `The raw ${raw} do not give the ${made}.`,
  )
  return differences.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
