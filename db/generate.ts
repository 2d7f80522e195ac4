import { mkdirSync, mkdtempDisposableSync } from 'node:fs'
import { join } from 'node:path'
import { findSqlc, hasGo, installSqlc, sqlcVersion } from './sqlc/find-sqlc.ts'
import { hashFile, hashInputs } from './sqlc/inputs-hash.ts'
import { readOutputs, staleOutputs, writeOutputs } from './sqlc/outputs.ts'
import { runSqlc } from './sqlc/run-sqlc.ts'

const root = join(import.meta.dirname, '..')
const local = join(root, '.local')
const tools = join(local, 'tools')

/** What the person at the terminal has to do; the message is the whole of it. */
class GenerateError extends Error {}

/** `node db/generate.ts` writes the code that comes from SQL; `--check` only says what is stale. */
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
  if (runSqlc({ sqlc, root, work: work.path })) return settle(work.path, isCheck)
  throw new GenerateError(
    'sqlc refused the SQL as said above. Correct it and run npm run generate.',
  )
}

const obtainSqlc = (): string | undefined => {
  const found = findSqlc(tools)
  if (found || !hasGo()) return found
  console.log(`Installing sqlc ${sqlcVersion} into ${tools}, once; this takes about two minutes.`)
  return installSqlc(tools)
}

/** Compares what was generated with what is committed, and reports it or brings it up to date. */
const settle = (work: string, isCheck: boolean): string => {
  const fresh = readOutputs(work)
  const stale = staleOutputs(fresh, readOutputs(root))
  if (stale.length === 0) return 'The code generated from SQL is up to date.'
  if (isCheck) throw new GenerateError(listed('Stale; run npm run generate and commit:', stale))
  writeOutputs(root, fresh, stale)
  return listed('Brought up to date:', stale)
}

const listed = (heading: string, paths: readonly string[]): string =>
  [heading, ...paths].join('\n  ')

/** Most clones have no sqlc, and need none for as long as nobody changes SQL. */
const compareHashes = (isCheck: boolean): string => {
  if (readOutputs(root).get(hashFile) !== hashInputs(join(root, 'db'))) {
    throw new GenerateError(
      'The SQL changed. Install Go, which brings sqlc, and run npm run generate.',
    )
  }
  return isCheck
    ? 'No sqlc here, so only the hash of the SQL was compared: the generated code is up to date.'
    : 'The code generated from SQL is up to date; nothing to do.'
}

main()
