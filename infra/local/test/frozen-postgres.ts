import { spawnSync } from 'node:child_process'
import type { Stack } from '../stack.ts'
import { signal } from '../stop-order.ts'

/** A PostgreSQL that neither works nor goes away: its connections stand, and nothing answers. */

/** Stops the server and every process of it; what it returns lets them go on. */
export const freezePostgres = ({ supervisor }: Stack): (() => void) => {
  const server = supervisor.pid('postgres')
  if (server === undefined) throw new Error('PostgreSQL does not run.')
  // The server first, so that no process of it is started after they were listed.
  signal(server, 'SIGSTOP')
  const all = [...childrenOf(server), server]
  for (const pid of all) signal(pid, 'SIGSTOP')
  return () => {
    for (const pid of all) signal(pid, 'SIGCONT')
  }
}

/** Linux and macOS both know these columns. */
const childrenOf = (parent: number): number[] =>
  spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []))
