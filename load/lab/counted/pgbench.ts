import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Environment, environment } from '@flash-deal/config'
import { programOnPath } from '@flash-deal/local/find-tool'
import { layout, pinned } from '../cores.ts'

/** pgbench, which asks PostgreSQL for one statement over and over: nothing asks it more cheaply. */

export type Benched = {
  /** Its own values stand in it. */
  statement: string
  /** Of a role that may run it. */
  url: string
  /** Where the tables are that it names. */
  schema: string
  connections: number
  seconds: number
}

/** On PATH; it is part of the client programs of PostgreSQL. */
export const findPgbench = (env: Environment = environment()): string | undefined =>
  programOnPath('pgbench', env)

/**
 * Statements a second, each prepared, from the generator's core.
 *
 * @throws Error with what pgbench said, where it ended badly
 */
export const pgbenchRate = async (
  program: string,
  { statement, url, schema, connections, seconds }: Benched,
): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'flash-deal-pgbench-'))
  try {
    const file = join(folder, 'statement.sql')
    await writeFile(file, statement)
    const options = ['-n', '-M', 'prepared', '-c', `${connections}`, '-T', `${seconds}`, '-f', file]
    const { command, args } = pinned(layout.generator, program, options)
    const { stdout } = await promisify(execFile)(command, args, {
      env: { ...environment(), ...connectionOf(url), PGOPTIONS: `-csearch_path=${schema}` },
      timeout: 2_000 * seconds + 5_000,
    })
    return rateIn(stdout)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Not as an argument: arguments appear in the list of processes and in error messages. */
const connectionOf = (url: string): Environment => {
  const { hostname, port, username, password, pathname } = new URL(url)
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  }
}

/** @throws Error if it does not say how often */
export const rateIn = (output: string): number => {
  const [, rate] = /^tps = (\d+(?:\.\d+)?)/m.exec(output) ?? []
  if (rate === undefined) throw new Error(`pgbench did not say how often: ${output}`)
  return Number(rate)
}
