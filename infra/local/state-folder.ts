import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, fullDisk, PlainError } from './plain-error.ts'
import { isAlive, startTimeOf } from './process-info.ts'

/** Makes the state folder, or says in a sentence why it cannot be used. */
export const prepareStateFolder = (state: string): void => {
  const probe = join(state, `probe-${process.pid}`)
  try {
    mkdirSync(state, { recursive: true })
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw notWritable(state, error)
  }
}

const notWritable = (state: string, error: unknown): PlainError =>
  ['ENOSPC', 'EDQUOT'].includes(codeOf(error))
    ? fullDisk(state)
    : new PlainError(
        `The state folder ${state} cannot be written (${codeOf(error)}). Make it writable, or set STATE_DIR to another folder.`,
      )

/** Held for as long as this process lives; kept here, since what is collected is unlocked. */
const locks: DatabaseSync[] = []

/**
 * Takes the state folder for this process alone. The lock is one that the kernel forgets with its
 * holder (SQLite's is the only such lock in Node's core), so it is never left behind.
 */
export const lockStateFolder = async (state: string): Promise<void> => {
  const file = join(state, 'run.lock')
  try {
    const lock = new DatabaseSync(file)
    lock.exec('pragma journal_mode = memory; begin exclusive')
    locks.push(lock)
  } catch (error) {
    if (!isBusy(error)) throw notWritable(state, error)
    const { pid } = readRun(state)
    throw new PlainError(
      `Another copy runs with the state folder ${state}${pid ? ` (pid ${pid})` : ''}. Stop it, or set STATE_DIR and the ports to others.`,
    )
  }
  await watchdogGone(state)
}

/** SQLITE_BUSY: somebody holds the lock. */
const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === 5

type Run = { pid?: number; watchdog?: { pid: number; startTime: string } }

/** Leaves word who runs here, for the sentence of a second copy and for the next one. */
export const noteRun = (state: string, watchdogPid: number): void => {
  const watchdog = { pid: watchdogPid, startTime: startTimeOf(watchdogPid) }
  writeFileSync(
    join(state, 'run.json'),
    JSON.stringify({ pid: process.pid, watchdog } satisfies Run),
  )
}

const readRun = (state: string): Run => {
  try {
    return JSON.parse(readFileSync(join(state, 'run.json'), 'utf8')) as Run
  } catch {
    return {}
  }
}

/** Whether a launcher is there that has left word in this folder. */
export const isRunning = (state: string): boolean => {
  const { pid } = readRun(state)
  return pid !== undefined && isAlive(pid)
}

/** After a SIGKILL of the launcher its watchdog is still ending things for a moment. */
const watchdogGone = async (state: string): Promise<void> => {
  const { watchdog } = readRun(state)
  const deadline = Date.now() + 10_000
  const isThere = () =>
    watchdog && isAlive(watchdog.pid) && startTimeOf(watchdog.pid) === watchdog.startTime
  while (isThere() && Date.now() < deadline) await sleep(50)
}
