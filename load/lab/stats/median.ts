import { mean } from './mean.ts'

/** The middle value, or the mean of the two middle values. NaN for an empty list. */
export const median = (values: readonly number[]): number => {
  const ascending = [...values].sort((one, two) => one - two)
  const half = values.length / 2
  return mean(ascending.slice(Math.ceil(half) - 1, Math.floor(half) + 1))
}
