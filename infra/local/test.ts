import './env-file.ts'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Environment, environment, readSettings } from '@flash-deal/config'
import { fillCompileCache } from './fill-compile-cache.ts'
import { onEnd } from './lifetime.ts'
import { root, stateFolder } from './paths.ts'
import { sentenceOf } from './plain-error.ts'
import { cpuMsOfTree } from './process-info.ts'
import { Supervisor } from './supervisor.ts'
import { type Counts, countTests } from './tap-counts.ts'
import { failuresIn } from './tap-failures.ts'
import { type FileResult, runFiles } from './tap-run.ts'
import { findTestFiles } from './test-files.ts'
import { emptyReport, type Report, tell, writeReport } from './test-report.ts'
import { startTestServers } from './test-servers.ts'
import { serveSlots, slotsAt } from './test-slots.ts'
import { runWorkspaces } from './test-workspaces.ts'

/**
 * Runs tests with their own PostgreSQL and Valkey. `make test` runs all workspaces through Turborepo's
 * task `test`. In the folder of a workspace it runs that workspace's files. With names or patterns it
 * runs those files. The last line is `N passed, N failed`.
 */

type Wanted = { named: string[]; long: boolean; turbo: string[] }

const readArguments = (): Wanted => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      affected: { type: 'boolean' },
      force: { type: 'boolean' },
    },
  })
  const turbo = (['affected', 'force'] as const).filter((name) => values[name])
  return { named: positionals, long: values.long, turbo: turbo.map((name) => `--${name}`) }
}

type Run = Wanted & {
  /** `test` or `test:long`. */
  task: string
  env: Environment
  supervisor: Supervisor
  signal: AbortSignal
}

/** @returns the exit code */
const main = async (): Promise<number> => {
  const begin = performance.now()
  const wanted = readArguments()
  const controller = new AbortController()
  const supervisor = new Supervisor()
  const inherited = environment()
  onEnd(inherited, {
    end: () => {
      controller.abort()
      // An interrupted test is killed.
      supervisor.hurry()
      void supervisor.stopAll()
    },
    hurry: () => supervisor.hurry(),
  })
  const slots = await slotsFor(inherited)
  const run = async () => {
    const own = testEnvironment(inherited)
    await fillCompileCache(own)
    const servers = await startTestServers(supervisor, inherited)
    const env = { ...own, ...servers.env, TEST_SLOTS_PORT: `${slots.port}` }
    const task = wanted.long ? 'test:long' : 'test'
    const { signal } = controller
    return runAll({ ...wanted, task, env, supervisor, signal }).finally(servers.end)
  }
  const result = await run().finally(async () => {
    slots.close()
    // Also if a server did not start: this process ends only when its children have ended.
    await supervisor.stopAll()
  })
  // After the servers have ended, so that their CPU time counts.
  const times = { ms: performance.now() - begin, cpuMs: cpuMsOfTree() }
  return tell({ ...result, requireAll: inherited.REQUIRE_ALL === '1', times })
}

/** Files wait about half of the time, so at least one more than the number of cores. */
const slotsFor = async (env: Environment): Promise<{ port: number; close(): void }> => {
  if (env.TEST_SLOTS_PORT) return { port: Number(env.TEST_SLOTS_PORT), close: () => {} }
  const wanted = Number(env.TEST_JOBS)
  return wanted
    ? serveSlots({ count: Math.max(2, wanted) })
    : serveSlots({ count: Math.max(2, availableParallelism() + 1), moreWhenIdle: 2 })
}

/**
 * The environment of test files, the same under npm, Turborepo and make. It has a compile cache, because
 * each file is a process.
 */
const testEnvironment = (env: Environment): Environment => ({
  NODE_COMPILE_CACHE: join(stateFolder(readSettings('local')), 'compile-cache'),
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !ofRunners.test(name))),
})

const ofRunners =
  /^(npm_(config_cache|lifecycle_|package_|command|execpath|node_)|TURBO_HASH$|INIT_CWD)/

const runAll = async (run: Run): Promise<{ code: number; report: Report }> => {
  if (process.cwd() === root && run.named.length === 0) return runWorkspaces(run)
  const report = await runHere(run)
  const isTask = run.named.length === 0
  if (isTask) writeReport(process.cwd(), run.task, report)
  return { code: 0, report }
}

const runHere = async ({ named, long, env, signal }: Run): Promise<Report> => {
  const report: Report = emptyReport()
  const ended = (result: FileResult): void => {
    const counts = countTests([result.point])
    console.log(lineOf(result, counts))
    for (const failure of failuresIn([result.point])) console.log(failure)
    addTo(report, result, counts)
  }
  const files = await findTestFiles({ named, below: process.cwd(), long })
  await runFiles({ files, env, slots: slotsAt(Number(env.TEST_SLOTS_PORT)), signal, ended })
  return report
}

const addTo = (report: Report, { point, ms, cpuMs }: FileResult, counts: Counts): void => {
  report.passed += counts.passed
  report.failed += counts.failed
  report.skipped.push(...counts.skipped)
  report.files.push({ file: point.title, ms, cpuMs })
}

const lineOf = ({ point, ms, cpuMs = 0 }: FileResult, { passed, failed }: Counts): string => {
  const file = point.title
  const times = `${(ms / 1_000).toFixed(1)} s, CPU ${(cpuMs / 1_000).toFixed(1)} s`
  return failed > 0
    ? `FAIL ${file}, ${failed} of ${passed + failed} failed, ${times}`
    : `PASS ${file}, ${passed} passed, ${times}`
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
