import { ConfigError } from '@flash-deal/config'
import { MigrateError } from '@flash-deal/sql'

/** Something that its reader can put right: the message says what happened and what to do. */
export class PlainError extends Error {
  override readonly name = 'PlainError'
}

/** What a person gets to read: the sentence where there is one, else the stack of a mistake of ours. */
export const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return isPlain(error) ? error.message : (error.stack ?? error.message)
}

const isPlain = (error: Error): boolean =>
  error instanceof PlainError ||
  error instanceof ConfigError ||
  error instanceof MigrateError ||
  // Of `parseArgs`: somebody has mistyped an option.
  codeOf(error).startsWith('ERR_PARSE_ARGS_')

/** The code of a system error (`ENOENT`), else its message in brief. */
export const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error as Error).message
