import { readFileSync } from 'node:fs'
import { createClient } from '@flash-deal/local/api-client'
import { freePorts } from '@flash-deal/local/ports'
import { type Stack, startStack } from '@flash-deal/local/stack'
import { keepCoresAwake, layout, pin, pinThisProcess } from '../cores.ts'
import { cpuUsOf } from '../probes/cpu.ts'
import { logIn } from '../subjects/account.ts'
import { offerDeal } from '../subjects/hot-deal.ts'
import { eachOperation, flagOf, type Group, groups, type Operation } from './groups.ts'
import { closedLoop, openLoop } from './loops.ts'
import { type Goods, openWorkers } from './workers.ts'

/** Measures services in Node and in Go in turn, on one database, each on the same core. */

export type Language = 'node' | 'go'
export const languages: readonly Language[] = ['node', 'go']

export type Figures = {
  /** Microseconds of CPU for each request, one figure for each round. */
  cpuUs: Record<Operation, number[]>
  /** Response times in milliseconds at a fixed rate, over all rounds, in ascending order. */
  times: Record<Operation, number[]>
  /** By the title of the group. */
  process: Record<string, ProcessFigures>
}

export type ProcessFigures = {
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
  order: 8,
  'order-batched': 32,
  list: 8,
}

/** Lists of orders are read by the indexes of M3. */
const settings = { LOG_LEVEL: 'info', SCENARIO_M3: 'optimized' }

/** @throws Error if a request fails */
export const measure = async (extent: Extent): Promise<Measured> => {
  // Everything that this process starts inherits the core; only the measured process has the other.
  pinThisProcess(layout.generator)
  keepCoresAwake()
  const stack = await startStack({ settings, abort: extent.abort })
  const measured: Measured = { node: empty(), go: empty() }
  try {
    const goods = await offerGoods(stack)
    const products = await startProducts(stack)
    for (let round = 0; round < extent.rounds && !extent.abort.aborted; round++) {
      // The order alternates, so that a trend of the machine favours neither language.
      const order = round % 2 === 0 ? languages : languages.toReversed()
      for (const group of groups) {
        const place = { stack, group, goods, productUrl: products.get(group) ?? '' }
        for (const language of order) await measureOnce(place, language, measured[language], extent)
      }
      extent.say(`Round ${round + 1} of ${extent.rounds} is done.`)
    }
    return measured
  } finally {
    await stack.end()
  }
}

const empty = (): Figures => ({
  cpuUs: eachOperation(() => []),
  times: eachOperation(() => []),
  process: Object.fromEntries(
    groups.map(({ title }) => [title, { startMs: [], idleMb: [], loadedMb: [] }]),
  ),
})

const plenty = 100_000_000

const offerGoods = async ({ url, internalKey }: Stack): Promise<Goods> => {
  const deal = await offerDeal(url, plenty)
  const api = createClient(url)
  const token = await logIn(api)
  const product = async (name: string): Promise<string> => {
    const body = { name, price: 1_000, stock: plenty }
    return (await api<{ id: string }>('/products', { body, token })).body.id
  }
  return { deal, internalKey, products: [await product('Cup'), await product('Teapot')] }
}

/** Product in Node, with the variants of each group of order; the same for both languages. */
const startProducts = async (stack: Stack): Promise<Map<Group, string>> => {
  const urls = new Map<Group, string>()
  for (const group of groups.filter(({ service }) => service === 'order')) {
    const [port = 0] = await freePorts(1)
    const name = `product for ${group.title}`
    const instance = { service: 'product', name, port, settings: group.settings } as const
    urls.set(group, await stack.startBeside(instance))
  }
  return urls
}

type Place = { stack: Stack; group: Group; goods: Goods; productUrl: string }

/** A new process in each round, to measure its start and its memory each time. */
const measureOnce = async (
  { stack, group, goods, productUrl }: Place,
  language: Language,
  figures: Figures,
  extent: Extent,
): Promise<void> => {
  const { service, title } = group
  const [port = 0] = await freePorts(1)
  const name = `${title} in ${language}`
  const inGo = language === 'go' && { [flagOf[service]]: 'optimized', GOMAXPROCS: '1' }
  const own = { ...group.settings, ...(productUrl && { PRODUCT_URLS: productUrl }), ...inGo }
  const address = await stack.startBeside({ service, name, port, settings: own })
  const pid = stack.supervisor.pid(name) ?? 0
  const memory = figures.process[title]
  memory?.startMs.push(ageMs(pid))
  pin([pid], [layout.server])
  memory?.idleMb.push(residentMb(pid))
  try {
    for (const operation of group.operations)
      await measureOperation({ service, address, pid, goods }, operation, figures, extent)
    memory?.loadedMb.push(residentMb(pid))
  } finally {
    await stack.supervisor.stop(name)
  }
}

type Target = Pick<Group, 'service'> & { address: string; pid: number; goods: Goods }

const measureOperation = async (
  { pid, ...target }: Target,
  operation: Operation,
  figures: Figures,
  { sliceMs, rates }: Extent,
): Promise<void> => {
  const { workers, close } = await openWorkers({ ...target, count: workersOf[operation] })
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
