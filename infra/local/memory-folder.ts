import { mkdtempSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** Linux's file system in memory. */
const sharedMemory = '/dev/shm'
/** The databases and the WAL of a test run take less than a quarter of it. */
const bytesWanted = 2 * 2 ** 30

/** A new folder in memory; undefined if there is no such file system, or not enough memory. */
export const memoryFolder = (): string | undefined => {
  if (process.availableMemory() < 2 * bytesWanted) return undefined
  try {
    const { bavail, bsize } = statfsSync(sharedMemory)
    return bavail * bsize < bytesWanted
      ? undefined
      : mkdtempSync(join(sharedMemory, 'flash-deal-test-'))
  } catch {
    return undefined
  }
}
