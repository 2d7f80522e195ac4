import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { wholeNumber } from '@flash-deal/local/option-number'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { measureStreams } from './measure.ts'

/** `npm run streams`: the cost of open streams of order events in the order service. */

const usage = `Usage: npm run streams [-- --count 1000]
Prints the memory and the CPU of order with that many open streams of pending orders.`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const count = wholeNumber('count', values.count, 1, 10_000)
  const { streams, residentMb, heapMb, idleCpuMs } = await measureStreams(count)
  const { before, open, after } = idleCpuMs
  console.log(
    [
      `${streams} streams: ${residentMb.toFixed(1)} MB resident, ${heapMb.toFixed(1)} MB of heap`,
      `CPU in a second: ${before.toFixed(1)} ms without streams, ${open.toFixed(1)} ms with them, ${after.toFixed(1)} ms after they were closed`,
    ].join('\n'),
  )
}

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})
