import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlcVersion } from './find-sqlc.ts'

/** All that generated code depends on. */
const inputs = [
  '*/migrations/*.sql',
  '*/queries/*.sql',
  'sqlc.yaml',
  'sqlc-plugin.ts',
  'sqlc-plugin/*.ts',
]

/** Where the hash stands of the inputs from which the committed code was generated. */
export const hashFile = 'db/sqlc.sha256'

/** As the file holds it, with the line end. */
export const hashInputs = (db: string): string => {
  const hash = createHash('sha256').update(sqlcVersion)
  for (const path of globSync(inputs, { cwd: db }).sort()) {
    // Lengths and names keep apart what moved from one file to the next.
    const content = readFileSync(join(db, path))
    hash.update(`\n${path} ${content.length}\n`).update(content)
  }
  return `${hash.digest('hex')}\n`
}
