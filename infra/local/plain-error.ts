import { ConfigError, environment, redactor } from '@flash-deal/config'
import { MigrateError } from '@flash-deal/sql'

/** An error that the user can fix. The message states what happened and what to do. */
export class PlainError extends Error {
  override readonly name = 'PlainError'
}

/** The error for a file that could not be written, with the folder if it is known. */
export const fullDisk = (place?: string): PlainError =>
  new PlainError(
    `The disk${place ? ` that holds ${place}` : ''} is full. Make room on it, or set STATE_DIR to a folder on another.`,
  )

/**
 * The text to print: the message of an expected error, otherwise the stack. Secrets in settings are
 * redacted.
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
  // An error of `parseArgs`: an unknown or mistyped option.
  codeOf(error).startsWith('ERR_PARSE_ARGS_')

/** The code of a system error (`ENOENT`), otherwise its short message. */
export const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error as Error).message
