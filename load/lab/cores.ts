import { spawnSync } from 'node:child_process'

/** The assignment of processes to cores. It is fixed, and written to the record. */
export type Layout = { server: number; generator: number }

export const layout: Layout = { server: 0, generator: 1 }

type Command = { command: string; args: readonly string[] }

/** A command that is pinned to a core. Without taskset (macOS) the kernel chooses the core. */
export const pinned = (core: number, command: string, args: readonly string[]): Command =>
  canPin ? { command: 'taskset', args: ['-c', String(core), command, ...args] } : { command, args }

/** Pins this process, and all processes that it starts from now on, to a core. */
export const pinThisProcess = (core: number): void => pin([process.pid], [core])

/** Pins processes with all their threads to these cores; skips those that have ended. */
export const pin = (pids: readonly number[], cores: readonly number[]): void => {
  if (!canPin) return
  for (const pid of pids) spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(pid)])
}

export const canPin = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0
