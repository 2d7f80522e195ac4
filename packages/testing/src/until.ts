import { setTimeout as pause } from 'node:timers/promises'

const withinMs = 60_000

/**
 * Polls a condition until it is true.
 * @param what the condition in words, for the error
 * @throws Error if it is not true within a minute, much longer than it takes on a busy machine
 */
export const until = async (
  isSo: () => boolean | Promise<boolean>,
  what = 'the condition is true',
): Promise<void> => {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs / 1_000} s: ${what}.`)
    await pause(10)
  }
}
