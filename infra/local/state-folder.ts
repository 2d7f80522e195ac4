import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, fullDisk, PlainError } from './plain-error.ts'
import { isAlive, startTimeOf } from './process-info.ts'

/** Creates the state folder. @throws PlainError if it cannot be used */
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

/** Held for the lifetime of this process. The reference prevents garbage collection, which would unlock it. */
const locks: DatabaseSync[] = []

/**
 * Locks the state folder for this process. The kernel releases the lock when the process ends (SQLite
 * has the only such lock in Node's core), so a stale lock cannot remain.
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
      `Another copy is running with the state folder ${state}${pid ? ` (pid ${pid})` : ''}. Stop it, or set STATE_DIR and the ports to others.`,
    )
  }
  await watchdogGone(state)
}

/** SQLITE_BUSY: another process holds the lock. */
const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === 5

type Run = { pid?: number; watchdog?: { pid: number; startTime: string } }

/** Writes the pid of this process, for the error message of a second copy and for the next start. */
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

/** Whether the launcher recorded in this folder is still running. */
export const isRunning = (state: string): boolean => {
  const { pid } = readRun(state)
  return pid !== undefined && isAlive(pid)
}

/** After a SIGKILL of the launcher its watchdog needs a moment to end the processes. */
const watchdogGone = async (state: string): Promise<void> => {
  const { watchdog } = readRun(state)
  const deadline = Date.now() + 10_000
  const isThere = () =>
    watchdog && isAlive(watchdog.pid) && startTimeOf(watchdog.pid) === watchdog.startTime
  while (isThere() && Date.now() < deadline) await sleep(50)
}
