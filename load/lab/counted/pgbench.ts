import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Environment, environment } from '@flash-deal/config'
import { programOnPath } from '@flash-deal/local/find-tool'
import { layout, pinned } from '../cores.ts'

/** pgbench repeats one statement; no other client uses less CPU for it. */

export type Benched = {
  /** With literal values instead of parameters. */
  statement: string
  /** The URL of a role that may run it. */
  url: string
  /** The schema of its tables. */
  schema: string
  connections: number
  seconds: number
}

/** pgbench on PATH; it belongs to PostgreSQL's client programs. */
export const findPgbench = (env: Environment = environment()): string | undefined =>
  programOnPath('pgbench', env)

/**
 * Prepared statements per second, sent from the generator's core.
 *
 * @throws Error with the output of pgbench if it fails
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

/** Not as arguments: these appear in the list of processes and in error messages. */
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

/** @throws Error if the output has no rate */
export const rateIn = (output: string): number => {
  const [, rate] = /^tps = (\d+(?:\.\d+)?)/m.exec(output) ?? []
  if (rate === undefined) throw new Error(`pgbench printed no rate: ${output}`)
  return Number(rate)
}
