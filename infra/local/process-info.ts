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

/** The command's name may hold spaces and brackets, hence the last `)`. */
const statOf = (pid: number): { state: string; startTime: string } | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTime: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

const ps = (column: string, pid: number): string =>
  spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ??
  ''
