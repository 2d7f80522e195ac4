/** The format of printed figures. */

/** Printed for a missing figure. */
export const none = '–'

const grouped = (digits: number): ((figure: number) => string) => {
  const format = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return (figure) => format.format(figure)
}

/** A whole number: `12,345`. */
export const whole = grouped(0)
export const oneDecimal = grouped(1)
const twoDecimals = grouped(2)

/** A share as per cent: 0.034 is `3.4 %`. */
export const percent = (share: number): string => `${oneDecimal(share * 100)} %`

type Interval = { ratio: number; low: number; high: number }

/** `1.42 [1.36..1.49]`; with a third decimal if two do not show on which side of 1 a bound is. */
export const interval = ({ ratio, low, high }: Interval): string => {
  const nearest = Math.min(Math.abs(low - 1), Math.abs(high - 1))
  const digits = nearest < 0.005 ? 3 : 2
  return `${ratio.toFixed(digits)} [${low.toFixed(digits)}..${high.toFixed(digits)}]`
}

export const probability = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3))

/** A count for a unit of work, which may be thousands of bytes or a hundredth of a query. */
export const brief = (figure: number): string => {
  if (figure >= 100) return whole(figure)
  if (figure >= 1 || figure === 0) return twoDecimals(figure)
  return figure.toPrecision(2)
}

/** Milliseconds, from a few hundredths on. */
export const milliseconds = (ms: number): string => (ms < 1 ? ms.toFixed(3) : twoDecimals(ms))

export const megabytes = (bytes: number): string => oneDecimal(bytes / 1e6)

/** The printed value; a dash if it is missing. */
export const orNone = <Value>(value: Value | undefined, print: (value: Value) => string): string =>
  value === undefined ? none : print(value)
