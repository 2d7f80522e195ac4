import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { environment } from '@flash-deal/config'
import { hashFile, hashInputs } from './inputs-hash.ts'

type Run = { sqlc: string; root: string; work: string }

/**
 * Generates into the folder `work`, which has the layout of the repository, from a copy of its SQL. So
 * no file is partly written when sqlc rejects a query, and files of deleted queries are detected.
 */
export const runSqlc = ({ sqlc, root, work }: Run): boolean => {
  const db = join(work, 'db')
  mkdirSync(db)
  cpSync(join(root, 'db'), db, { recursive: true, filter: isInput })
  // Some archives of the repository lose the execute permission.
  chmodSync(join(db, 'sqlc-plugin.ts'), 0o755)
  writeFileSync(join(work, hashFile), hashInputs(db))
  const options = { cwd: db, env: ownNodeFirst(), stdio: 'inherit' } as const
  const { status } = spawnSync(sqlc, ['generate'], options)
  return status === 0
}

/** All files except dependencies. */
const isInput = (path: string): boolean => basename(path) !== 'node_modules'

/** Puts the current Node first on PATH, where the plugin's `#!/usr/bin/env node` looks for it. */
const ownNodeFirst = (): NodeJS.ProcessEnv => {
  const inherited = environment()
  return { ...inherited, PATH: [dirname(process.execPath), inherited.PATH].join(delimiter) }
}
