import { spawnSync } from 'node:child_process'
import type { Stack } from './stack.ts'
import { signal } from './stop-order.ts'

/** What neither works nor goes away: its connections stand, and nothing answers. */

/**
 * Stops a child and every process that it has started; what it returns lets them go on. A child that
 * is to end has to go on first.
 */
export const freeze = ({ supervisor }: Pick<Stack, 'supervisor'>, name: string): (() => void) => {
  const pid = supervisor.pid(name)
  if (pid === undefined) throw new Error(`${name} does not run.`)
  // The child first, so that no process of it is started after they were listed.
  signal(pid, 'SIGSTOP')
  const all = [...childrenOf(pid), pid]
  for (const each of all) signal(each, 'SIGSTOP')
  return () => {
    for (const each of all) signal(each, 'SIGCONT')
  }
}

/** Linux and macOS both know these columns. */
const childrenOf = (parent: number): number[] =>
  spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []))
