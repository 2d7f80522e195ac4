import { ConfigError, environment, redactor } from '@flash-deal/config'
import { MigrateError } from '@flash-deal/sql'

/** Something that its reader can put right: the message says what happened and what to do. */
export class PlainError extends Error {
  override readonly name = 'PlainError'
}

/** A file could not be written; where, if that is known. */
export const fullDisk = (place?: string): PlainError =>
  new PlainError(
    `The disk${place ? ` that holds ${place}` : ''} is full. Make room on it, or set STATE_DIR to a folder on another.`,
  )

/**
 * What a person gets to read: the sentence where there is one, else the stack of a mistake of ours,
 * in which no secret of our settings stands.
 */
export const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (isPlain(error)) return error.message
  if (['ENOSPC', 'EDQUOT'].includes(codeOf(error))) return fullDisk(placeOf(error)).message
  return redactor(environment())(error.stack ?? error.message)
}

const placeOf = (error: NodeJS.ErrnoException): string | undefined => error.path

const isPlain = (error: Error): boolean =>
  error instanceof PlainError ||
  error instanceof ConfigError ||
  error instanceof MigrateError ||
  // Of `parseArgs`: somebody has mistyped an option.
  codeOf(error).startsWith('ERR_PARSE_ARGS_')

/** The code of a system error (`ENOENT`), else its message in brief. */
export const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error as Error).message
