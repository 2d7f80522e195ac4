import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { environment } from '@flash-deal/config'
import { onEnd } from '@flash-deal/local/lifetime'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { tableMarkdown } from '../report/table.ts'
import { purchaseCosts } from './purchase.ts'
import { costTable } from './table.ts'

/** `npm run cost`: what a request costs in CPU, as a multiple of a bare Fastify route. */

const usage = `Usage: npm run cost -- purchase [--rounds N] [--slice-ms N] [--buyers N]
Measures the CPU of all processes for each request of a buyer, in turn with a bare Fastify route.
About 5 minutes, with nothing else running on this machine.
  --rounds    how often each kind of request is measured (5)
  --slice-ms  how long each time, in milliseconds (2000)
  --buyers    users with a token (500)`

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      'slice-ms': { type: 'string', default: '2000' },
      buyers: { type: 'string', default: '500' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help || positionals[0] !== 'purchase') {
    console.log(usage)
    return values.help ? 0 : 1
  }
  const controller = new AbortController()
  onEnd(environment(), { end: () => controller.abort(), hurry: () => process.exit(130) })
  const costs = await purchaseCosts({
    rounds: positive('--rounds', values.rounds),
    sliceMs: positive('--slice-ms', values['slice-ms']),
    size: { buyers: positive('--buyers', values.buyers), products: 1_000, ordersEach: 1 },
    settings: {},
    abort: controller.signal,
    say: console.log,
  })
  console.log(tableMarkdown(costTable(costs)))
  return controller.signal.aborted ? 130 : 0
}

const positive = (option: string, text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new PlainError(`${option} is a whole number from 1, not "${text}".`)
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(sentenceOf(error))
  process.exitCode = 1
}
