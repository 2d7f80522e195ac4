import { spawnSync } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'

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

/** A write of four zero bytes allows no latency of a wake-up, for as long as the file is open. */
const latencyFile = '/dev/cpu_dma_latency'
let openLatencyFile: number | undefined

/**
 * Keeps idle cores polling instead of halted, until this process ends. Waking a halted core of a virtual
 * machine costs the process that wakes it some microseconds. A server would pay them each time that its
 * generator has to wait, and a slower server more often, so that a difference would seem larger than it is.
 * Without the right to write the file, which root has, cores may halt, and the record says so.
 *
 * @see https://docs.kernel.org/power/pm_qos_interface.html
 */
export const keepCoresAwake = (): void => {
  if (openLatencyFile !== undefined) return
  try {
    // Not 'w', which would create a file where the kernel has none.
    openLatencyFile = openSync(latencyFile, 'r+')
    writeSync(openLatencyFile, new Uint8Array(4))
  } catch {
    openLatencyFile = undefined
  }
}

/** The layout and what idle cores do, for a record. */
export const layoutWords = (): string =>
  [
    canPin
      ? `the generator on core ${layout.generator}, everything else on core ${layout.server}`
      : 'nothing is pinned to a core',
    openLatencyFile === undefined ? 'idle cores may halt' : 'idle cores poll',
  ].join('; ')
