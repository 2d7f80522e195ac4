import { setTimeout as pause } from 'node:timers/promises'

const withinMs = 60_000

/**
 * Polls a condition until it is true.
 * @throws Error if it is not true within a minute
 */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs / 1_000} s: ${what}.`)
    await pause(20)
  }
}

/** @throws Error if `work` takes longer; it is not ended by that */
export const within = async <Result>(ms: number, work: Promise<Result>): Promise<Result> => {
  const late = pause(ms, undefined, { ref: false }).then(() => {
    throw new Error(`It was not over within ${ms / 1_000} s.`)
  })
  return Promise.race([work, late])
}
