import { join } from 'node:path'
import { redactor } from '@flash-deal/config'
import { fullDisk, PlainError } from './plain-error.ts'
import { type Supervisor, tailOf } from './supervisor.ts'

/** How PostgreSQL is started, and where its files are. */

export type PostgresStart = {
  supervisor: Supervisor
  /** A folder of its own: `data`, and the log beside it. */
  folder: string
  port: number
  password: string
  /** False for tests only: a crash of the machine may then lose what was committed. */
  durable?: boolean
}

export const dataOf = ({ folder }: Pick<PostgresStart, 'folder'>): string => join(folder, 'data')
export const logOf = ({ folder }: Pick<PostgresStart, 'folder'>): string =>
  join(folder, 'postgres.log')

export const withLog = (start: PostgresStart, sentence: string): PlainError => {
  const words = redactor({}, [start.password])(tailOf(logOf(start)).join('\n'))
  if (/no space left on device|disk quota exceeded/i.test(words)) return fullDisk(start.folder)
  return new PlainError(`${sentence}. Its last words:\n${words}`)
}
