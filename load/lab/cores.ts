import { spawnSync } from 'node:child_process'

/** The assignment of processes to cores. It is fixed, and part of the record. */
export type Layout = { server: number; generator: number }

export const layout: Layout = { server: 0, generator: 1 }

type Command = { command: string; args: readonly string[] }

/** A command that stays on a core. Where there is no taskset (macOS), it runs wherever it is put. */
export const pinned = (core: number, command: string, args: readonly string[]): Command =>
  canPin ? { command: 'taskset', args: ['-c', String(core), command, ...args] } : { command, args }

/** Puts this process, and with it all that it starts from now on, on a core. */
export const pinThisProcess = (core: number): void => pin([process.pid], [core])

/** Puts processes with all their threads on these cores; those that have ended are passed over. */
export const pin = (pids: readonly number[], cores: readonly number[]): void => {
  if (!canPin) return
  for (const pid of pids) spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(pid)])
}

export const canPin = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0
