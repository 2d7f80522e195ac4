import '@flash-deal/local/env-file'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { environment } from '@flash-deal/config'
import { commit } from '@flash-deal/local/commit'
import { onEnd } from '@flash-deal/local/lifetime'
import { machine } from '@flash-deal/local/machine'
import { tableMarkdown } from '@flash-deal/local/markdown-table'
import { wholeNumber } from '@flash-deal/local/option-number'
import { root } from '@flash-deal/local/paths'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { newFolder } from '../measure.ts'
import { measureGateway } from './proxied.ts'
import { measurePurchases, type PurchaseOptions } from './purchase.ts'
import { type CostKind, type CostRun, type Rotation, writeCostRun } from './record.ts'
import { type CostOptions, connections } from './rotation.ts'
import { tablesOf } from './table.ts'
import { measureLayers } from './waterfall.ts'

/** `npm run cost`: the CPU cost of a request, as a multiple of a bare Fastify route. */

const usage = `Usage: npm run cost -- layers [--rounds N] [--slice-ms N]
       npm run cost -- gateway [--rounds N] [--slice-ms N]
       npm run cost -- purchase [--rounds N] [--slice-ms N] [--buyers N]
Measures CPU for each request as a multiple of a bare Fastify route of the same round. Nothing else
may run on this machine. The result is written to load/results; npm run docs shows it in
docs/performance.md.
  layers      what each layer of the gateway adds to a bare route, about 2 minutes
  gateway     what whole requests cost in the gateway, beside their targets, about 2 minutes
  purchase    what the requests of a buyer cost in all processes, about 6 minutes
  --rounds    how often each kind of request is measured (7)
  --slice-ms  how long each time, in milliseconds (2000)
  --buyers    users with a token (500)`

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '7' },
      'slice-ms': { type: 'string', default: '2000' },
      buyers: { type: 'string', default: '500' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const kind = kinds.find((each) => each === positionals[0])
  if (values.help || kind === undefined) {
    console.log(usage)
    return values.help ? 0 : 1
  }
  const controller = new AbortController()
  onEnd(environment(), { end: () => controller.abort(), hurry: () => process.exit(130) })
  const options: Wanted = {
    rounds: wholeNumber('rounds', values.rounds, 1),
    sliceMs: wholeNumber('slice-ms', values['slice-ms'], 1),
    size: { buyers: wholeNumber('buyers', values.buyers, 1), products: 1_000, ordersEach: 20 },
    abort: controller.signal,
    say: console.log,
  }
  const run = await measured(kind, options)
  for (const table of tablesOf(run)) console.log(`${tableMarkdown(table)}\n`)
  if (options.abort.aborted) return 130
  const folder = newFolder(`cost-${kind}`)
  writeCostRun(folder, run)
  console.log(`Written to ${relative(root, folder)}.`)
  return 0
}

type Wanted = PurchaseOptions & CostOptions

const kinds: readonly CostKind[] = ['layers', 'gateway', 'purchase']

const measures: Record<CostKind, (options: Wanted) => Promise<Rotation[]>> = {
  layers: measureLayers,
  gateway: measureGateway,
  purchase: measurePurchases,
}

const measured = async (kind: CostKind, options: Wanted): Promise<CostRun> => ({
  kind,
  commit: commit(),
  startedAt: new Date().toISOString(),
  machine: machine(),
  node: process.version,
  connections,
  sliceMs: options.sliceMs,
  rotations: await measures[kind](options),
})

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
