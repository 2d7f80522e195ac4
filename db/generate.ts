import { mkdirSync, mkdtempDisposableSync } from 'node:fs'
import { join } from 'node:path'
import { findSqlc, hasGo, installSqlc, sqlcVersion } from './sqlc/find-sqlc.ts'
import { hashFile, hashInputs } from './sqlc/inputs-hash.ts'
import { readOutputs, staleOutputs, writeOutputs } from './sqlc/outputs.ts'
import { runSqlc } from './sqlc/run-sqlc.ts'

const root = join(import.meta.dirname, '..')
const local = join(root, '.local')
const tools = join(local, 'tools')

/** An error for the user. Its message says what to do and is printed without a stack trace. */
class GenerateError extends Error {}

/** `node db/generate.ts` writes the code generated from SQL; with `--check` it only compares. */
const main = (): void => {
  try {
    console.log(generate(process.argv.includes('--check')))
  } catch (error) {
    if (!(error instanceof GenerateError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

const generate = (isCheck: boolean): string => {
  const sqlc = obtainSqlc()
  if (!sqlc) return compareHashes(isCheck)
  mkdirSync(local, { recursive: true })
  using work = mkdtempDisposableSync(join(local, 'sqlc-'))
  if (runSqlc({ sqlc, root, work: work.path })) return compareOrWrite(work.path, isCheck)
  throw new GenerateError(
    'sqlc rejected the SQL, see its output above. Correct it and run npm run generate.',
  )
}

const obtainSqlc = (): string | undefined => {
  const found = findSqlc(tools)
  if (found || !hasGo()) return found
  console.log(`Installing sqlc ${sqlcVersion} into ${tools}, once; this takes about two minutes.`)
  return installSqlc(tools)
}

/** Compares the generated files with the committed ones, and writes or reports the differences. */
const compareOrWrite = (work: string, isCheck: boolean): string => {
  const fresh = readOutputs(work)
  const stale = staleOutputs(fresh, readOutputs(root))
  if (stale.length === 0) return 'The code generated from SQL is up to date.'
  if (isCheck) {
    throw new GenerateError(listed('Not up to date; run npm run generate and commit:', stale))
  }
  writeOutputs(root, fresh, stale)
  return listed('Updated:', stale)
}

const listed = (heading: string, paths: readonly string[]): string =>
  [heading, ...paths].join('\n  ')

/** Without sqlc, compares only the hash of the SQL: sqlc is needed only to change SQL. */
const compareHashes = (isCheck: boolean): string => {
  if (readOutputs(root).get(hashFile) !== hashInputs(join(root, 'db'))) {
    throw new GenerateError(
      'The SQL has changed. Install Go, which builds sqlc, and run npm run generate.',
    )
  }
  return isCheck
    ? 'sqlc is not installed, so only the hash of the SQL was compared: the generated code is up to date.'
    : 'The code generated from SQL is up to date.'
}

main()
