import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlcVersion } from './find-sqlc.ts'

/** The files that the generated code depends on. */
const inputs = [
  '*/migrations/*.sql',
  '*/queries/*.sql',
  'sqlc.yaml',
  'sqlc-plugin.ts',
  'sqlc-plugin/*.ts',
]

/** The file with the hash of the inputs of the committed code. */
export const hashFile = 'db/sqlc.sha256'

/** The content of the file, with the newline. */
export const hashInputs = (db: string): string => {
  const hash = createHash('sha256').update(sqlcVersion)
  for (const path of globSync(inputs, { cwd: db }).sort()) {
    // Names and lengths make the hash depend on the boundaries between the files.
    const content = readFileSync(join(db, path))
    hash.update(`\n${path} ${content.length}\n`).update(content)
  }
  return `${hash.digest('hex')}\n`
}
