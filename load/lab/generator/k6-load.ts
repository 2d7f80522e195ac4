import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Environment, environment } from '@flash-deal/config'
import { pinned } from '../cores.ts'
import { findK6, type K6Run, programOf, runK6 } from '../k6.ts'
import { readPoints } from './k6-points.ts'
import type { Outcome } from './protocol.ts'

/** Runs a k6 script against an address for a slice; the outcome is like that of the generator. */
export type K6Load = (
  address: string,
  durationMs: number,
  given: Readonly<Record<string, string>>,
) => Promise<Outcome>

/** The start and the setup of k6 are outside the window. */
const aroundMs = 30_000

/**
 * @param given the same for every slice: MODE, VUS, RATE, THINK
 * @throws PlainError if k6 is not available
 */
export const k6Load = async (
  script: string,
  core: number,
  given: Readonly<Record<string, string>>,
): Promise<K6Load> => {
  // k6 has one core; further threads would only wait for each other.
  const env: Environment = { ...environment(), GOMAXPROCS: '1' }
  const program = programOf(await findK6(env))
  return async (address, durationMs, own) => {
    const folder = await mkdtemp(join(tmpdir(), 'flash-deal-points-'))
    const run = {
      ...pinned(core, program, []),
      ...{ script, env, points: join(folder, 'points.json') },
      given: {
        ...given,
        ...own,
        BASE_URL: address,
        DURATION: `${durationMs / 1_000}s`,
        SMOKE: '1',
      },
      timeoutMs: durationMs + aroundMs,
    }
    try {
      return await played(run)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

const crossedThreshold = 99

const played = async (run: K6Run & { points: string }): Promise<Outcome> => {
  const { code, output } = await runK6(run)
  const outcome = await readPoints(run.points)
  // Crossed thresholds are not errors: the values behind them are judged from the points.
  if (code === 0 || code === crossedThreshold) return outcome
  const [last = 'it ended'] = output.trim().split('\n').slice(-1)
  return { ...outcome, errors: { ...outcome.errors, [`k6: ${last}`]: 1 } }
}
