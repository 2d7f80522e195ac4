import { once } from 'node:events'
import type { Instance } from './instance.ts'
import type { Pace } from './pace.ts'
import type { ProcessGroups } from './process-groups.ts'

/** The load on each arm before its first slice, until V8 has compiled the code of its processes. */
export type WarmUp = {
  /** In the order of their start. */
  arms: readonly Instance[]
  /** Undefined if the processes of the arms have no cores of their own. */
  cores: Pick<ProcessGroups, 'pinToAllCores' | 'pinToOwnCores'> | undefined
  /** Sends this number of requests to an arm, for at most this time in milliseconds. */
  load(arm: Instance, durationMs: number, requests: number): Promise<void>
  /** Runs a slice of this duration in milliseconds, which does not count. */
  slice(arm: Instance, durationMs: number): Promise<unknown>
}

/** Loads all arms. An abort ends it immediately, or after a round of an arm. */
export const warmUp = async (
  given: WarmUp,
  { warmRequests, warmRounds }: Pace,
  abort: AbortSignal,
): Promise<void> => {
  await loadInTwos(given, warmRequests, abort)
  await sliceInTurn(given, warmRounds, abort)
}

/** A longer warm-up is cut off, and its slices record fewer requests. */
const limitMs = 1_200_000

/**
 * Sends this many requests to each arm, two arms at a time, on all cores. The two equal baselines come
 * first and together, so that they are warmed up alike.
 */
const loadInTwos = async (
  { arms, cores, load }: WarmUp,
  requests: number,
  abort: AbortSignal,
): Promise<void> => {
  cores?.pinToAllCores(arms)
  for (const pair of pairsOf(arms)) {
    if (abort.aborted) return
    const loads = pair.map((arm) => load(arm, limitMs, requests))
    await Promise.race([Promise.all(loads), once(abort, 'abort')])
  }
  cores?.pinToOwnCores(arms)
}

/** The baseline and its repeat, then the others two at a time. */
const pairsOf = (arms: readonly Instance[]): Instance[][] => {
  const ordered = [...arms.filter(isBaseline), ...arms.filter((each) => !isBaseline(each))]
  return ordered.flatMap((_, at) => (at % 2 === 0 ? [ordered.slice(at, at + 2)] : []))
}

const isBaseline = ({ arm }: Instance): boolean => arm.role === 'baseline' || arm.role === 'repeat'

const roundMs = 1_000

/**
 * Slices of one arm after the other. A load without what happens around a slice, such as requests for
 * metrics, is not enough: after it the first slices of M9 were a third slower than the last.
 */
const sliceInTurn = async (
  { arms, slice }: WarmUp,
  rounds: number,
  abort: AbortSignal,
): Promise<void> => {
  for (const arm of Array.from({ length: rounds }, () => arms).flat()) {
    if (abort.aborted) return
    await slice(arm, roundMs)
  }
}
