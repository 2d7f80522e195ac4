import { PlainError } from './plain-error.ts'

/** Numbers among the options of a command. */

const most = 2 ** 31 - 1

/**
 * @param option its name without dashes
 * @throws PlainError if the text is not a whole number within these bounds
 */
export const wholeNumber = (option: string, text: string, from: number, to = most): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= from && value <= to) return value
  throw new PlainError(`--${option} takes a whole number from ${from} to ${to}, not "${text}".`)
}

/**
 * @param option its name without dashes
 * @throws PlainError if the text is not a number above 0
 */
export const positiveNumber = (option: string, text: string): number => {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new PlainError(`--${option} takes a number above 0, not "${text}".`)
}
