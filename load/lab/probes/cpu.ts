import { readdirSync, readFileSync } from 'node:fs'

/** The CPU time of processes, from /proc. */

/** Nanoseconds on a processor, all threads together; those that have ended are forgotten. */
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

/** Microseconds of a group of processes, such as PostgreSQL with all its backends. */
export const cpuUsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuNsOf(pid), 0) / 1_000

/**
 * Microseconds of children of a process that have ended, as k6 does after each slice, and a parallel
 * worker of PostgreSQL after its query.
 */
export const endedChildrenUs = (pid: number): number => {
  const stat = statOf(pid)
  // The name of the program, in brackets, may hold anything: what follows it begins with field 3.
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

/** A process and all below it. */
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

/** Of which all threads of the kernel are children, on Linux. */
const kthreadd = 2

/** What the kernel does for all, such as writing to the disk; none inside of a container. */
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

/** Microseconds that each core was busy since the machine started; stolen time counts as busy. */
export const busyUsByCore = (): number[] =>
  readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => {
      const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
        .split(/\s+/)
        .map(Number)
      return (user + nice + system + irq + softirq + steal) * jiffyUs
    })

/**
 * Memory in bytes. What processes share, such as PostgreSQL's buffers, is divided among them where
 * the kernel tells (PSS), or else PostgreSQL would be as many times as large as it has backends.
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
