import { readFileSync } from 'node:fs'
import type { Environment } from '@flash-deal/config'
import { freePorts } from '@flash-deal/local/ports'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { pin } from '../cores.ts'
import { cpuUsOf } from '../probes/cpu.ts'
import { closedLoop, type Operation, openLoop, openWorkers, operations } from './operations.ts'

/** Measures auth in Node and auth in Go in turn, on one database, each on the same core. */

export type Language = 'node' | 'go'
export const languages: readonly Language[] = ['node', 'go']

export type Figures = {
  /** Microseconds of CPU for each request, one figure for each round. */
  cpuUs: Record<Operation, number[]>
  /** Response times in milliseconds at a fixed rate, over all rounds, in ascending order. */
  times: Record<Operation, number[]>
  /** From the start of the process until it was ready, in milliseconds; polled every 50 ms. */
  startMs: number[]
  /** Resident memory in MB: after the start, and after all load. */
  idleMb: number[]
  loadedMb: number[]
}

export type Measured = Record<Language, Figures>

export type Extent = {
  rounds: number
  sliceMs: number
  /** Requests a second for the response times. */
  rates: Readonly<Record<Operation, number>>
  abort: AbortSignal
  say: (sentence: string) => void
}

const workersOf: Readonly<Record<Operation, number>> = {
  login: 4,
  refresh: 8,
  verify: 8,
  profile: 8,
}

/** @throws Error if a request fails */
export const measure = async (extent: Extent): Promise<Measured> => {
  const stack = await startStack({ settings: { LOG_LEVEL: 'info' }, abort: extent.abort })
  const measured: Measured = { node: empty(), go: empty() }
  try {
    for (let round = 0; round < extent.rounds && !extent.abort.aborted; round++) {
      // The order alternates, so that a trend of the machine favours neither language.
      const order = round % 2 === 0 ? languages : languages.toReversed()
      for (const language of order) await measureOnce(stack, language, measured[language], extent)
      extent.say(`Round ${round + 1} of ${extent.rounds} is done.`)
    }
    return measured
  } finally {
    await stack.end()
  }
}

const empty = (): Figures => ({
  cpuUs: { login: [], refresh: [], verify: [], profile: [] },
  times: { login: [], refresh: [], verify: [], profile: [] },
  startMs: [],
  idleMb: [],
  loadedMb: [],
})

const settingsOf: Readonly<Record<Language, Environment>> = {
  node: {},
  go: { SCENARIO_H3: 'optimized', GOMAXPROCS: '1' },
}

const core = 0

/** A new process in each round, to measure its start and its memory each time. */
const measureOnce = async (
  stack: Stack,
  language: Language,
  figures: Figures,
  extent: Extent,
): Promise<void> => {
  const [port = 0] = await freePorts(1)
  const name = `auth-in-${language}`
  const settings = settingsOf[language]
  const address = await stack.startBeside({ service: 'auth', name, port, settings })
  const pid = stack.supervisor.pid(name) ?? 0
  figures.startMs.push(ageMs(pid))
  pin([pid], [core])
  figures.idleMb.push(residentMb(pid))
  try {
    for (const operation of operations)
      await measureOperation(address, pid, operation, figures, extent)
    figures.loadedMb.push(residentMb(pid))
  } finally {
    await stack.supervisor.stop(name)
  }
}

const measureOperation = async (
  address: string,
  pid: number,
  operation: Operation,
  figures: Figures,
  { sliceMs, rates }: Extent,
): Promise<void> => {
  const { workers, close } = await openWorkers(address, workersOf[operation])
  try {
    await closedLoop(workers, operation, sliceMs / 2)
    const before = cpuUsOf([pid])
    const count = await closedLoop(workers, operation, sliceMs)
    figures.cpuUs[operation].push((cpuUsOf([pid]) - before) / count)
    const rate = { perSecond: rates[operation], ms: sliceMs }
    const times = [...figures.times[operation], ...(await openLoop(workers, operation, rate))]
    figures.times[operation] = times.sort((one, other) => one - other)
  } finally {
    await close()
  }
}

/** The age of a process, with a resolution of 10 ms. */
const ageMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const startedAt = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  const [uptime = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ')
  return Number(uptime) * 1_000 - startedAt * 10
}

const residentMb = (pid: number): number => {
  const [, kilobytes = '0'] =
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1_024
}
