import type { Operation } from './groups.ts'
import type { Worker } from './workers.ts'

/** Closed loop: each worker sends its next request after the previous response. */
export const closedLoop = async (
  workers: readonly Worker[],
  operation: Operation,
  ms: number,
): Promise<number> => {
  const end = performance.now() + ms
  let count = 0
  await Promise.all(
    workers.map(async (worker) => {
      while (performance.now() < end) {
        await worker(operation)
        count += 1
      }
    }),
  )
  return count
}

/**
 * Open loop: the workers send requests in turn, at fixed times.
 *
 * @returns milliseconds from the due time of each request to its response, in ascending order
 */
export const openLoop = async (
  workers: readonly Worker[],
  operation: Operation,
  { perSecond, ms }: { perSecond: number; ms: number },
): Promise<number[]> => {
  const begin = performance.now()
  const count = Math.floor((perSecond * ms) / 1_000)
  const request = async (number: number): Promise<number> => {
    const due = begin + (number * 1_000) / perSecond
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    await workers[number % workers.length]?.(operation)
    return performance.now() - due
  }
  const times = await Promise.all(Array.from({ length: count }, (_, number) => request(number)))
  return times.sort((one, other) => one - other)
}
