import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { variantsOf } from '@flash-deal/config'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { mean, type Overload, overload } from './overload.ts'
import type { Second } from './phases.ts'

/** The command `npm run overload`. */

const usage = `Usage: npm run overload [-- options]
Starts a system, measures its throughput and sends a multiple of it directly to order. Passes if the
goodput is at least 80 % of the throughput in every five seconds, and if ten seconds after the
overload every order succeeds.
  --variant optimized   comma-separated variants of M1 (default: all)
  --seconds 60          duration of the overload, 5 to 600
  --times 5             multiple of the throughput, 1 to 20
Five variants for 60 s each take about eight minutes.`

const { values } = parseArgs({
  options: {
    variant: { type: 'string', default: variantsOf('M1').join() },
    seconds: { type: 'string', default: '60' },
    times: { type: 'string', default: '5' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const numberOf = (name: 'seconds' | 'times', from: number, to: number): number => {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= from && value <= to) return value
  throw new PlainError(`--${name} takes a whole number from ${from} to ${to}.`)
}

const variantsNamed = (): string[] => {
  const named = values.variant.split(',')
  const unknown = named.filter((each) => !variantsOf('M1').includes(each))
  if (unknown.length === 0) return named
  throw new PlainError(`--variant takes a comma-separated list of: ${variantsOf('M1').join(', ')}.`)
}

/** Seconds per window: long enough to average out noise, short enough to show a collapse. */
const window = 5

const lowest = (seconds: readonly Second[]): number =>
  Math.min(
    ...seconds
      .slice(window - 1)
      .map((_, n) => mean(seconds.slice(n, n + window).map(({ ordered }) => ordered))),
  )

const total = (seconds: readonly Second[], of: keyof Second): number =>
  seconds.reduce((sum, second) => sum + second[of], 0)

const describe = (variant: string, { peak, during, after, broken }: Overload): string => {
  const part = (value: number) => `${Math.round((100 * value) / peak)} %`
  const ordered = during.map((second) => second.ordered)
  const last = after.at(-1)
  return [
    `${variant}: throughput ${Math.round(peak)}/s; offered ${Math.round(total(during, 'sent') / during.length)}/s`,
    `goodput ${part(mean(ordered))} of it on average, ${part(lowest(during))} in the worst ${window} s`,
    `shed ${total(during, 'shed')}, late ${total(during, 'late')}, not sent ${total(during, 'unsent')}, other ${total(during, 'other')}`,
    `10 s later: ${last?.ordered} of ${last?.sent} ordered`,
    ...broken.slice(0, 3),
    ...(broken.length > 3 ? [`and ${broken.length - 3} more violations`] : []),
  ].join('; ')
}

const hasPassed = ({ peak, during, after, broken }: Overload): boolean => {
  const last = after.at(-1)
  const hasRecovered = last !== undefined && last.ordered >= 0.9 * last.sent && last.late === 0
  return lowest(during) >= 0.8 * peak && hasRecovered && broken.length === 0
}

const main = async (): Promise<void> => {
  if (values.help) return console.log(usage)
  const options = { seconds: numberOf('seconds', 5, 600), times: numberOf('times', 1, 20) }
  for (const variant of variantsNamed()) {
    const given = { variant, ...options, calibrateSeconds: 15, recoverySeconds: 10 }
    const result = await overload(given)
    if (!hasPassed(result)) process.exitCode = 1
    console.log(`${hasPassed(result) ? 'passed' : 'FAILED'} ${describe(variant, result)}`)
  }
}

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})
