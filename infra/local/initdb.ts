import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { bareEnvironment } from './child-environment.ts'
import type { Account } from './postgres-account.ts'
import { logOf, type PostgresStart, withLog } from './postgres-start.ts'

/** Runs initdb, which creates PostgreSQL's data folder. */

/** @throws PlainError with the end of its log if it fails */
export const runInitdb = async (
  start: PostgresStart,
  account: Account,
  initdb: string,
  args: readonly string[],
): Promise<void> => {
  const program = programFor(initdb)
  try {
    await runToEnd(start, account, program.path, args)
  } finally {
    program.remove()
  }
}

const runToEnd = async (
  start: PostgresStart,
  account: Account,
  program: string,
  args: readonly string[],
): Promise<void> => {
  const { supervisor, durable = true } = start
  const sync = durable ? [] : ['--no-sync']
  supervisor.start({
    ...account.run(program, [...args, ...options, ...sync]),
    name: 'initdb',
    kind: 'service',
    env: bareEnvironment,
    output: { file: logOf(start) },
  })
  const exit = await supervisor.exited('initdb')
  if (exit?.code !== 0)
    throw withLog(start, 'initdb could not create the data folder of PostgreSQL')
}

/** The built-in locale is the same on every machine, unlike the C library's. */
const options = [
  ...['-U', 'postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
  ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
]

/**
 * initdb passes its own path to a shell in double quotes, where these four characters are special. It
 * resolves symbolic links, so in a folder with such a name a copy is run.
 */
const programFor = (initdb: string): { path: string; remove: () => void } => {
  if (!/["$`\\]/.test(initdb)) return { path: initdb, remove: () => {} }
  const copy = mkdtempSync(join(tmpdir(), 'flash-deal-initdb-'))
  const binaries = dirname(initdb)
  cpSync(dirname(binaries), copy, { recursive: true })
  return {
    path: join(copy, basename(binaries), basename(initdb)),
    remove: () => rmSync(copy, { recursive: true, force: true }),
  }
}
