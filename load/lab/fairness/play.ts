import { environment } from '@flash-deal/config'
import { PlainError } from '@flash-deal/local/plain-error'
import { type K6Result, runK6 } from '../k6.ts'
import type { Round } from './record.ts'

/** One deal, ordered by `fifo-order` in an open loop of one second. */

type Sale = {
  /** The program. */
  k6: string
  /** Of a system with this variant of M1 on. */
  url: string
  variant: string
  /** In that second. */
  buyers: number
}

/** A log-in each, before the sale. */
const accounts = 20

/** The time for the log-ins of the buyers and for the last responses. */
const withinMs = 60_000

/** @throws PlainError if k6 did not sell anything */
export const playRound = async ({ k6, url, variant, buyers }: Sale): Promise<Round> => {
  const crowd = { RATE: String(buyers), SECONDS: '1', VUS: String(accounts) }
  const result = await runK6({
    command: k6,
    script: 'fifo-order',
    env: environment(),
    given: { ...crowd, BASE_URL: url, EXPECT: `M1=${variant}` },
    timeoutMs: withinMs,
  })
  return { variant, buyers, ...scrapeMetrics(result) }
}

const tenths = Array.from({ length: 10 }, (_, tenth) => tenth)

const scrapeMetrics = ({
  metrics,
  crossed,
  output,
}: K6Result): Omit<Round, 'variant' | 'buyers'> => {
  const [, inversions] = /inversion rate (\d\.\d+)/.exec(output) ?? []
  if (inversions === undefined) throw new PlainError(`k6 sold nothing: ${output.trim()}`)
  const countOf = (metric: string): number => metrics[metric]?.count ?? 0
  return {
    came: tenths.map((tenth) => countOf(`came_${tenth}`)),
    won: tenths.map((tenth) => countOf(`won_${tenth}`)),
    inversions: Number(inversions),
    ...(crossed.length > 0 && { void: crossed.join(', ') }),
  }
}
