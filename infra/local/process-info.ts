import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Information about other processes: from /proc on Linux, from `ps` on macOS. */

export const isAlive = (pid: number): boolean => {
  if (!exists(pid)) return false
  return statOf(pid)?.state !== 'Z'
}

/** The start time of a process, in an arbitrary unit: it distinguishes two processes with one pid. */
export const startTimeOf = (pid: number): string =>
  process.platform === 'linux' ? (statOf(pid)?.startTime ?? '') : ps('lstart', pid)

export const commandOf = (pid: number): string => {
  if (process.platform !== 'linux') return ps('command', pid)
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Linux counts CPU time in ticks of 10 ms. */
const tickMs = 10

/**
 * CPU time in milliseconds of this process and of all its descendants that have ended and were waited
 * for. Undefined where there is no /proc.
 */
export const cpuMsOfTree = (): number | undefined => {
  const ticks = statOf('self')?.ticks
  return ticks === undefined ? undefined : ticks * tickMs
}

type Stat = { state: string; startTime: string; ticks: number }

/** The command's name may hold spaces and brackets, hence the last `)`. */
const statOf = (pid: number | 'self'): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // utime, stime, cutime, cstime
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { state: fields[0] ?? '', startTime: fields[19] ?? '', ticks }
  } catch {
    return undefined
  }
}

const ps = (column: string, pid: number): string =>
  spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ??
  ''
