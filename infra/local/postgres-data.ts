import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { redactor } from '@flash-deal/config'
import { runInitdb } from './initdb.ts'
import { fullDisk, PlainError } from './plain-error.ts'
import type { Account } from './postgres-account.ts'
import { commandOf, isAlive } from './process-info.ts'
import { type Supervisor, tailOf } from './supervisor.ts'

/** PostgreSQL's folder: how it is made, and whose it is. */

export type PostgresStart = {
  supervisor: Supervisor
  /** A folder of its own: `data`, and the log beside it. */
  folder: string
  port: number
  password: string
  /** False for tests only: a crash of the machine may then lose what was committed. */
  durable?: boolean
}

export const dataOf = ({ folder }: Pick<PostgresStart, 'folder'>): string => join(folder, 'data')
export const logOf = ({ folder }: Pick<PostgresStart, 'folder'>): string =>
  join(folder, 'postgres.log')

/** Under another name first: an interrupted initdb leaves no half folder behind. */
export const initialise = async (
  start: PostgresStart,
  initdb: string,
  account: Account,
): Promise<void> => {
  const fresh = join(start.folder, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  const passwordFile = join(start.folder, 'password.tmp')
  writeFileSync(passwordFile, start.password, { mode: 0o600 })
  account.own(start.folder)
  try {
    await runInitdb(start, account, initdb, ['-D', fresh, '--pwfile', passwordFile])
    renameSync(fresh, dataOf(start))
  } finally {
    rmSync(passwordFile)
  }
}

/**
 * PostgreSQL refuses a postmaster.pid whose number is alive, whichever program has it by now. A
 * real second copy is refused here, a number that went to another program is no hindrance. The file
 * of a dead server stays: by it PostgreSQL finds out whether children of that server still write.
 */
export const refuseSecondCopy = (data: string): void => {
  const file = join(data, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  if (!(pid > 0) || !isAlive(pid)) return
  if (commandOf(pid).includes('postgres')) {
    throw new PlainError(
      `Another copy runs with this state folder (PostgreSQL, pid ${pid}). Stop it, or set STATE_DIR to another folder.`,
    )
  }
  rmSync(file)
}

export const withLog = (start: PostgresStart, sentence: string): PlainError => {
  const words = redactor({}, [start.password])(tailOf(logOf(start)).join('\n'))
  if (/no space left on device|disk quota exceeded/i.test(words)) return fullDisk(start.folder)
  return new PlainError(`${sentence}. Its last words:\n${words}`)
}
