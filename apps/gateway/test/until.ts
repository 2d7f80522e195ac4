import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again, for a minute at most. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not happen.')
    await pause(10)
  }
}
