import '@flash-deal/local/env-file'
import { parseArgs } from 'node:util'
import { variantsOf } from '@flash-deal/config'
import { PlainError, sentenceOf } from '@flash-deal/local/plain-error'
import { mean, type Overload, overload } from './overload.ts'
import type { Second } from './phases.ts'

/** `npm run overload`: see the usage. */

const usage = `Usage: npm run overload [-- options]
Offers a system of its own, by order's own port, several times the orders that it can do, and says
what came of it. Passed where in every five seconds at least 80 % of what it can do are ordered, and
ten seconds after the end all that is asked for.
  --variant optimized   variants of M1, with commas between them (all)
  --seconds 60          how long the overload lasts, 5 to 600
  --times 5             multiples of what the system can do, 1 to 20
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
  throw new PlainError(`--variant takes ${variantsOf('M1').join(', ')}, with commas between them.`)
}

/** Long enough for a full second's chance to even out, short enough to see a collapse. */
const window = 5

const lowest = (seconds: readonly Second[]): number =>
  Math.min(
    ...seconds
      .slice(window - 1)
      .map((_, n) => mean(seconds.slice(n, n + window).map(({ ordered }) => ordered))),
  )

const total = (seconds: readonly Second[], of: keyof Second): number =>
  seconds.reduce((sum, second) => sum + second[of], 0)

const inWords = (variant: string, { peak, during, after, broken }: Overload): string => {
  const part = (value: number) => `${Math.round((100 * value) / peak)} %`
  const ordered = during.map((second) => second.ordered)
  const last = after.at(-1)
  return [
    `${variant}: can do ${Math.round(peak)}/s; offered ${Math.round(total(during, 'sent') / during.length)}/s`,
    `ordered ${part(mean(ordered))} of it on average, ${part(lowest(during))} in the worst ${window} s`,
    `shed ${total(during, 'shed')}, late ${total(during, 'late')}, not sent ${total(during, 'unsent')}, other ${total(during, 'other')}`,
    `10 s after: ${last?.ordered} of ${last?.sent} ordered`,
    ...broken,
  ].join('; ')
}

const hasPassed = ({ peak, during, after, broken }: Overload): boolean => {
  const last = after.at(-1)
  const isBack = last !== undefined && last.ordered >= 0.9 * last.sent && last.late === 0
  return lowest(during) >= 0.8 * peak && isBack && broken.length === 0
}

const main = async (): Promise<void> => {
  if (values.help) return console.log(usage)
  const options = { seconds: numberOf('seconds', 5, 600), times: numberOf('times', 1, 20) }
  for (const variant of variantsNamed()) {
    const came = await overload({ variant, ...options, calibrateSeconds: 15 })
    if (!hasPassed(came)) process.exitCode = 1
    console.log(`${hasPassed(came) ? 'passed' : 'FAILED'} ${inWords(variant, came)}`)
  }
}

await main().catch((error: unknown) => {
  console.error(sentenceOf(error))
  process.exitCode = 1
})
