import { readFileSync } from 'node:fs'

/** The counters of each process in a chain of calls; the lab takes the difference over a slice. */

export type Counts = Readonly<Record<string, number>>

/** One process that responds to requests. */
export type Hop = {
  name: string
  pid: number
  metricsAddress: string
  /** The operation whose requests are counted. */
  operation: string
}

/** `<name> calls`, `<name> ms`, and the bytes of all reads and writes: `<name> read`, `<name> written`. */
export const hopCounts = async ({ name, pid, metricsAddress, operation }: Hop): Promise<Counts> => {
  const page = await (await fetch(`${metricsAddress}/metrics`)).text()
  const io = ioOf(pid)
  return {
    [`${name} calls`]: durationIn(page, 'count', operation),
    [`${name} ms`]: durationIn(page, 'sum', operation) * 1_000,
    [`${name} read`]: valueIn(io, /^rchar: (\d+)$/m),
    [`${name} written`]: valueIn(io, /^wchar: (\d+)$/m),
  }
}

const durationIn = (page: string, part: 'count' | 'sum', operation: string): number => {
  const metric = `http_request_duration_seconds_${part}`
  return valueIn(page, new RegExp(`^${metric}\\{operation="${operation}"\\} (\\S+)$`, 'm'))
}

/** 0 if the metric is missing, as before the first request. */
const valueIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)

/** Empty if the process has exited. */
const ioOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/io`, 'utf8')
  } catch {
    return ''
  }
}
