import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInitdb } from './initdb.ts'
import { PlainError } from './plain-error.ts'
import type { Account } from './postgres-account.ts'
import { dataOf, type PostgresStart } from './postgres-start.ts'
import { commandOf, isAlive } from './process-info.ts'

/** PostgreSQL's folder: how it is made, and whose it is. */

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
