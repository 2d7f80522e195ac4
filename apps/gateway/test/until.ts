import { setTimeout as pause } from 'node:timers/promises'

/** Polls for at most a minute. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not happen.')
    await pause(10)
  }
}
