import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '@flash-deal/config'
import { root } from './paths.ts'
import type { Supervisor } from './supervisor.ts'
import { type Report, readReport, removeReport, sumOf } from './test-report.ts'

/** Runs the tests of all workspaces as Turborepo tasks; unchanged workspaces come from the cache. */

export type WorkspaceRun = {
  task: string
  env: Environment
  supervisor: Supervisor
  /** Options for `turbo run`, such as `--affected`. */
  turbo: readonly string[]
}

/** Unlimited: the slots limit the concurrent files and determine their order. */
const tasksAtATime = 50

export const runWorkspaces = async ({
  task,
  env,
  supervisor,
  turbo,
}: WorkspaceRun): Promise<{ code: number; report: Report }> => {
  const folders = await workspaceFolders()
  for (const folder of folders) removeReport(folder, task)
  const how = ['--continue', '--ui=stream', '--output-logs=new-only', '--log-prefix=none']
  supervisor.start({
    name: 'turbo',
    kind: 'service',
    command: join(root, 'node_modules/.bin/turbo'),
    args: ['run', task, ...how, `--concurrency=${tasksAtATime}`, ...turbo],
    env,
    cwd: root,
    output: 'inherit',
  })
  const code = (await supervisor.exited('turbo'))?.code ?? 1
  const reports = folders.map((folder) => readReport(folder, task))
  return { code, report: sumOf(reports.filter((report) => report !== undefined)) }
}

const workspaceFolders = async (): Promise<string[]> => {
  const manifest: { workspaces: string[] } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  return (await Array.fromAsync(glob(manifest.workspaces, { cwd: root }))).map((folder) =>
    join(root, folder),
  )
}
