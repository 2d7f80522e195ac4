import { setTimeout as pause } from 'node:timers/promises'

/** @throws Error if `work` takes longer; it is not ended by that */
export const within = async <Result>(ms: number, work: Promise<Result>): Promise<Result> => {
  const late = pause(ms, undefined, { ref: false }).then(() => {
    throw new Error(`It was not over within ${ms / 1_000} s.`)
  })
  return Promise.race([work, late])
}
