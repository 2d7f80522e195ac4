import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { environment } from '@flash-deal/config'
import { hashFile, hashInputs } from './inputs-hash.ts'

type Run = { sqlc: string; root: string; work: string }

/**
 * Generates into the folder `work`, laid out as the repository, from a copy of its SQL: nothing is
 * half-written when sqlc refuses a query, and files of deleted queries show.
 */
export const runSqlc = ({ sqlc, root, work }: Run): boolean => {
  const db = join(work, 'db')
  mkdirSync(db)
  cpSync(join(root, 'db'), db, { recursive: true, filter: isInput })
  // Lost where the repository came as an archive.
  chmodSync(join(db, 'sqlc-plugin.ts'), 0o755)
  writeFileSync(join(work, hashFile), hashInputs(db))
  const options = { cwd: db, env: ownNodeFirst(), stdio: 'inherit' } as const
  const { status } = spawnSync(sqlc, ['generate'], options)
  return status === 0
}

/** All but what is large or generated. */
const isInput = (path: string): boolean => basename(path) !== 'node_modules'

/** The plugin's first line looks for `node` on PATH: let it find the one that runs now. */
const ownNodeFirst = (): NodeJS.ProcessEnv => {
  const inherited = environment()
  return { ...inherited, PATH: [dirname(process.execPath), inherited.PATH].join(delimiter) }
}
