import { readdirSync, readFileSync } from 'node:fs'
import { sum } from '../stats/mean.ts'

/** The CPU time of processes, from /proc. */

/** CPU time in nanoseconds of all living threads; those that have ended are not included. */
const cpuNsOf = (pid: number): number => {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
      const [onCpu = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
      return sum + Number(onCpu)
    }, 0)
  } catch {
    return 0
  }
}

/** CPU time in microseconds of a group of processes, such as PostgreSQL with all its backends. */
export const cpuUsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuNsOf(pid), 0) / 1_000

/**
 * CPU time in microseconds of the ended children of a process, such as k6 after a slice or a parallel
 * worker of PostgreSQL after a query.
 */
export const endedChildrenUs = (pid: number): number => {
  const stat = statOf(pid)
  // The name of the program, in brackets, may contain anything; field 3 follows the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0] = fields.slice(13, 15).map(Number)
  return (user + system) * jiffyUs
}

/** Empty if the process has exited. */
const statOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}

/**
 * CPU time in microseconds of all processes but these. A process that has ended is counted with its
 * parent.
 */
export const cpuUsOfOthers = (ours: ReadonlySet<number>): number => {
  const others = runningPids().filter((pid) => !ours.has(pid))
  return cpuUsOf(others) + sum(others.map(endedChildrenUs))
}

const runningPids = (): number[] => readdirSync('/proc').map(Number).filter(Number.isSafeInteger)

/** A process and all its descendants. */
export const familyOf = (pid: number): number[] => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return [
      pid,
      ...children
        .split(' ')
        .filter(Boolean)
        .flatMap((child) => familyOf(Number(child))),
    ]
  } catch {
    return [pid]
  }
}

/** On Linux the parent of all kernel threads. */
const kthreadd = 2

/** Kernel threads, for example those that write to the disk; empty in a container. */
export const kernelThreads = (): number[] =>
  commandOf(kthreadd) === 'kthreadd' ? familyOf(kthreadd) : []

const commandOf = (pid: number): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return undefined
  }
}

const jiffyUs = 10_000

/** Microseconds since the machine started. */
type CoreTimes = {
  /** By core; stolen time counts as busy. */
  busyUs: number[]
  /** In which the cores were given to other virtual machines. */
  stolenUs: number
}

export const coreTimes = (): CoreTimes => {
  const cores = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => line.split(/\s+/).map(Number))
  return {
    busyUs: cores.map(([, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0]) => {
      return (user + nice + system + irq + softirq + steal) * jiffyUs
    }),
    stolenUs: sum(cores.map(([, , , , , , , , steal = 0]) => steal)) * jiffyUs,
  }
}

/**
 * Memory in bytes. Shared memory, such as PostgreSQL's buffers, is divided among the processes if the
 * kernel reports it (PSS); otherwise each backend of PostgreSQL counts it again.
 */
export const residentBytesOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + kilobytesOf(pid) * 1_024, 0)

const kilobytesOf = (pid: number): number =>
  kilobytesIn(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+)/m) ??
  kilobytesIn(`/proc/${pid}/status`, /^VmRSS:\s+(\d+)/m) ??
  0

/** Undefined if the process has exited or belongs to another user. */
const kilobytesIn = (file: string, pattern: RegExp): number | undefined => {
  try {
    return Number(pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? 0)
  } catch {
    return undefined
  }
}
