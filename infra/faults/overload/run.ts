import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { variantsOf } from '@flash-deal/config'
import { wholeNumber } from '@flash-deal/local/option-number'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { average, type Costs, reachableShare, total } from './costs.ts'
import { hasPassed, lowest, window } from './judge.ts'
import { type Overload, type OverloadOptions, overload, type Storm } from './overload.ts'
import { type OverloadRecord, writeRecord } from './record.ts'
import { type Target, targets } from './target.ts'

/** The command `npm run overload`. */

const usage = `Usage: npm run overload [-- options]
Starts a system, measures its throughput and sends a multiple of it, first without and then with
retries. The generator and the rejections take processor time from the system, so the throughput is
measured a second time beside a process that does nothing but reject the excess requests. Passes if
the goodput is at least 80 % of that in every five seconds, if retries cost order at most a fifth
more, and if ten seconds after the overload every order succeeds.
  --to gateway          or order: where the orders are sent
  --variant optimized   comma-separated variants of M1 (default: all)
  --scenarios m6,h5     further scenarios, as in SCENARIOS
  --seconds 60          duration of the overload, 5 to 600
  --times 5             multiple of the throughput, 1 to 20
  --retries 3           how many times a rejected order is sent again at once, 0 to 10
  --report FOLDER       writes every second of each system, and a page, there
Five variants for 60 s each take about fifteen minutes.`

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'gateway' },
    variant: { type: 'string', default: variantsOf('M1').join() },
    scenarios: { type: 'string', default: '' },
    seconds: { type: 'string', default: '60' },
    times: { type: 'string', default: '5' },
    retries: { type: 'string', default: '3' },
    report: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const targetNamed = (): Target => {
  const target = targets.find((each) => each === values.to)
  if (target !== undefined) return target
  throw new PlainError(`--to takes one of: ${targets.join(', ')}.`)
}

const numberOf = (name: 'seconds' | 'times' | 'retries', from: number, to: number): number =>
  wholeNumber(name, values[name], from, to)

const variantsNamed = (): string[] => {
  const named = values.variant.split(',')
  const unknown = named.filter((each) => !variantsOf('M1').includes(each))
  if (unknown.length === 0) return named
  throw new PlainError(`--variant takes a comma-separated list of: ${variantsOf('M1').join(', ')}.`)
}

type Extent = Pick<OverloadOptions, 'target' | 'times'>

const describe = (variant: string, { target, times }: Extent, result: Overload): string => {
  const { peak, beside, generatorCores, costs, during, storm, after, broken } = result
  const part = (value: number, whole = beside) => `${Math.round((100 * value) / whole)} %`
  const shed = total(during, 'shed')
  const last = after.at(-1)
  return [
    `${variant}: throughput ${Math.round(peak)}/s, beside a process that rejects the excess ${Math.round(beside)}/s`,
    `offered ${Math.round(total(during, 'sent') / during.length)}/s by a generator that takes ${generatorCores.toFixed(2)} cores`,
    `goodput ${part(average(during))} of the latter on average, ${part(lowest(during))} in the worst ${window} s`,
    `${part(average(during), peak)} of the former on average, ${part(lowest(during), peak)} in the worst ${window} s`,
    ...(shed > 0 ? [describeCosts(costs, { target, times })] : []),
    `shed ${shed}, late ${total(during, 'late')}, not sent ${total(during, 'unsent')}, other ${total(during, 'other')}`,
    ...(storm ? [describeStorm(storm, part)] : []),
    `10 s later: ${last?.ordered} of ${last?.sent} ordered`,
    ...broken.slice(0, 3),
    ...(broken.length > 3 ? [`and ${broken.length - 3} more violations`] : []),
  ].join('; ')
}

const describeCosts = (costs: Costs, { target, times }: Extent): string => {
  const { order, rejection } = costs
  const kept = Math.round(100 * reachableShare(costs, times))
  return `an order costs ${target} ${Math.round(order)} µs, a rejection ${Math.round(rejection)} µs, so a busy process keeps ${kept} %`
}

const describeStorm = ({ seconds, costRatio }: Storm, part: (value: number) => string): string =>
  `with retries order takes ${costRatio.toFixed(2)} times the CPU time, goodput ${part(average(seconds))} on average, ${part(lowest(seconds))} in the worst ${window} s, retried ${total(seconds, 'retried')}`

const main = async (): Promise<void> => {
  if (values.help) return console.log(usage)
  const extent = {
    target: targetNamed(),
    scenarios: values.scenarios,
    seconds: numberOf('seconds', window, 600),
    times: numberOf('times', 1, 20),
    retries: numberOf('retries', 0, 10),
  }
  const startedAt = new Date().toISOString()
  const systems: OverloadRecord['systems'] = []
  for (const variant of variantsNamed()) {
    const durations = { calibrateSeconds: 15, recoverySeconds: 10 }
    const result = await overload({ variant, ...extent, ...durations })
    if (!hasPassed(result)) process.exitCode = 1
    console.log(`${hasPassed(result) ? 'passed' : 'FAILED'} ${describe(variant, extent, result)}`)
    systems.push({ variant, result })
  }
  if (values.report) writeRecord(values.report, { startedAt, extent, systems })
}

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})
