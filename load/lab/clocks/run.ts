import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { wholeNumber } from '@flash-deal/local/option-number'
import { sentenceOf } from '@flash-deal/local/plain-error'
import { clockArms } from './arms.ts'
import { type Clocks, measureClocks } from './clocks.ts'

/**
 * `npm run clocks`: the three clocks of asynchronous orders (H2) beside a synchronous order, in
 * rotation. `--smoke` only shows that every arm runs.
 */

const usage = `Usage: npm run clocks [-- --smoke] [--rounds 2] [--buyers 32] [--send-ms 5000]
Prints for each arm: accepted/s, confirmed/s, p95 from click to outcome, drain time, CPU for an order.`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '2' },
      buyers: { type: 'string', default: '32' },
      'send-ms': { type: 'string', default: '5000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const buyers = wholeNumber('buyers', values.buyers, 1)
  const [rounds, sendMs] = values.smoke
    ? [1, 500]
    : [wholeNumber('rounds', values.rounds, 1), wholeNumber('send-ms', values['send-ms'], 1)]
  for (let round = 0; round < rounds; round++) {
    // Each round starts with another arm.
    const arms = clockArms.map((_, index) => clockArms[(index + round) % clockArms.length])
    for (const arm of arms) {
      if (arm) console.log(lineOf(await measureClocks(arm, { buyers, sendMs })))
    }
  }
}

const lineOf = (clocks: Clocks): string =>
  [
    clocks.arm.padEnd(22),
    `accepted/s ${clocks.acceptedPerS.toFixed(0)}`,
    `confirmed/s ${clocks.confirmedPerS.toFixed(0)}`,
    `click to outcome p95 ${clocks.outcomeP95Ms.toFixed(1)} ms`,
    `drain ${clocks.drainMs.toFixed(0)} ms`,
    `CPU ${clocks.cpuMsPerOrder.toFixed(2)} ms/order`,
  ].join(' · ')

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})
