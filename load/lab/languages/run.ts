import '@flash-deal/local/env-file'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { environment } from '@flash-deal/config'
import { commit } from '@flash-deal/local/commit'
import { onEnd } from '@flash-deal/local/lifetime'
import { machine } from '@flash-deal/local/machine'
import { positiveNumber, wholeNumber } from '@flash-deal/local/option-number'
import { root } from '@flash-deal/local/paths'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { newFolder } from '../measure.ts'
import { measure } from './measure.ts'
import { type Run, reportOf } from './report.ts'
import { sizes } from './size.ts'

/** `npm run languages`: auth and order in Node against the same in Go. */

const usage = `Usage: npm run languages -- [--rounds N] [--slice-ms N] [--core-hour X] [--gb-hour X]
Compares auth and order in Node with the same in Go: CPU per request, response times, start, memory, size, price.
Writes a page to load/results. Nothing else should run on this machine.
  --rounds     how often each language is measured, in turn (5)
  --slice-ms   how long each operation is measured, in milliseconds (2000)
  --core-hour  price of a core for an hour (0.04)
  --gb-hour    price of a GB of memory for an hour (0.005)
  --smoke      one short round, which writes nothing`

const rates = {
  ...{ login: 5, refresh: 30, verify: 100, profile: 100 },
  ...{ order: 50, 'order-batched': 100, list: 50 },
}

/** Milliseconds in which at least one log-in is due. */
const shortest = 1_000 / rates.login

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      'slice-ms': { type: 'string', default: '2000' },
      'core-hour': { type: 'string', default: '0.04' },
      'gb-hour': { type: 'string', default: '0.005' },
      smoke: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const controller = new AbortController()
  onEnd(environment(), { end: () => controller.abort(), hurry: () => process.exit(130) })
  const extent = {
    rounds: values.smoke ? 1 : wholeNumber('rounds', values.rounds, 1),
    sliceMs: values.smoke ? 300 : wholeNumber('slice-ms', values['slice-ms'], shortest),
    rates,
  }
  const price = {
    coreHour: positiveNumber('core-hour', values['core-hour']),
    gbHour: positiveNumber('gb-hour', values['gb-hour']),
  }
  const startedAt = new Date().toISOString()
  const measured = await measure({ ...extent, abort: controller.signal, say: console.log })
  const about = { startedAt, commit: commit(), machine: machine(), price }
  if (controller.signal.aborted) return
  const run: Run = { ...extent, ...about, measured, sizes: sizes() }
  console.log(reportOf(run))
  if (!values.smoke) write(run)
}

const write = (run: Run): void => {
  const folder = newFolder('languages')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.md'), reportOf(run))
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`)
  console.log(`Written to ${relative(root, folder)}.`)
}

try {
  await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
