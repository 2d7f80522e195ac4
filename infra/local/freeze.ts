import { spawnSync } from 'node:child_process'
import type { Stack } from './stack.ts'
import { signal } from './stop-order.ts'

/** Pauses a process: its connections stay open, and it sends no responses. */

/**
 * Pauses a child and its direct children with SIGSTOP. The returned function resumes them. Resume a
 * child before ending it.
 */
export const freeze = ({ supervisor }: Pick<Stack, 'supervisor'>, name: string): (() => void) => {
  const pid = supervisor.pid(name)
  if (pid === undefined) throw new Error(`${name} is not running.`)
  // The child first, so that it starts no process after its children are listed.
  signal(pid, 'SIGSTOP')
  const all = [...childrenOf(pid), pid]
  for (const each of all) signal(each, 'SIGSTOP')
  return () => {
    for (const each of all) signal(each, 'SIGCONT')
  }
}

/** Linux and macOS both have these columns. */
const childrenOf = (parent: number): number[] =>
  spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []))
