import { join } from 'node:path'
import { redactor } from '@flash-deal/config'
import { fullDisk, PlainError } from './plain-error.ts'
import { type Supervisor, tailOf } from './supervisor.ts'

/** The start options and the files of PostgreSQL. */

export type PostgresStart = {
  supervisor: Supervisor
  /** The folder with `data` and the log file. */
  folder: string
  port: number
  password: string
  /** False for tests only: a crash of the machine may then lose commits. */
  durable?: boolean
}

export const dataOf = ({ folder }: Pick<PostgresStart, 'folder'>): string => join(folder, 'data')
export const logOf = ({ folder }: Pick<PostgresStart, 'folder'>): string =>
  join(folder, 'postgres.log')

export const withLog = (start: PostgresStart, sentence: string): PlainError => {
  const words = redactor({}, [start.password])(tailOf(logOf(start)).join('\n'))
  if (/no space left on device|disk quota exceeded/i.test(words)) return fullDisk(start.folder)
  return new PlainError(`${sentence}. The end of its log:\n${words}`)
}
