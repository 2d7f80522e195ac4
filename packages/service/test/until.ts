import { setTimeout as pause } from 'node:timers/promises'

/** As `until` of packages/testing, which depends on this package. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('The condition was not true within a minute.')
    await pause(10)
  }
}
