import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInitdb } from './initdb.ts'
import { PlainError } from './plain-error.ts'
import type { Account } from './postgres-account.ts'
import { dataOf, type PostgresStart } from './postgres-start.ts'
import { commandOf, isAlive } from './process-info.ts'

/** Creates PostgreSQL's data folder and checks which server uses it. */

/** initdb runs in a temporary folder, so an interrupted run leaves no incomplete data folder. */
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
 * PostgreSQL does not start if the pid in postmaster.pid is alive, even if another program has it now.
 * This check rejects a real second copy and ignores a reused pid. The file of a dead server is kept:
 * PostgreSQL uses it to detect children of that server that still write.
 */
export const refuseSecondCopy = (data: string): void => {
  const file = join(data, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  if (!(pid > 0) || !isAlive(pid)) return
  if (commandOf(pid).includes('postgres')) {
    throw new PlainError(
      `Another copy is running with this state folder (PostgreSQL, pid ${pid}). Stop it, or set STATE_DIR to another folder.`,
    )
  }
  rmSync(file)
}
