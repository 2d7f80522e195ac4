import { whole } from '../numbers.ts'

/**
 * A scale of logarithms: equal ratios are equal distances, on whichever side of 1. Chart coordinates
 * are logarithms, and labels the figures themselves.
 *
 * @param always figures within the values that are labelled in any case
 */
export const logAxis = (
  values: readonly number[],
  name: string,
  print: (figure: number) => string = round,
  always: readonly number[] = [],
) => {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))]
  const margin = Math.max(0.06 * (high - low), 0.01)
  const [min, max] = [low - margin, high + margin]
  const ticks = ticksBetween(Math.exp(min), Math.exp(max)).map(Math.log)
  const customValues = withMarks(ticks, always.map(Math.log), 0.06 * (max - min))
  return {
    ...axisStyle,
    type: 'value' as const,
    name,
    min,
    max,
    axisTick: { show: false, customValues },
    axisLabel: {
      ...axisStyle.axisLabel,
      customValues,
      formatter: (log: number) => print(Number(Math.exp(log).toPrecision(6))),
    },
  }
}

/** The marks are always read, whatever stands too near to them. */
const withMarks = (ticks: readonly number[], marks: readonly number[], room: number): number[] => {
  const apart = ticks.filter((tick) => marks.every((mark) => Math.abs(tick - mark) > room))
  return [...marks, ...apart].toSorted((one, other) => one - other)
}

const round = (figure: number): string =>
  figure >= 1000 ? whole(figure) : `${Number(figure.toPrecision(3))}`

export const times = (ratio: number): string => `×${round(ratio)}`
export const ms = (figure: number): string => `${round(figure)} ms`

/** Round figures, up to eight: steps of 1, 2, 5 within a narrow range, powers of ten with 2 and 5 else. */
const ticksBetween = (low: number, high: number): number[] =>
  high / low < 6 ? linearTicks(low, high) : logTicks(low, high)

const linearTicks = (low: number, high: number): number[] => {
  const rough = (high - low) / 7
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)]
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step)
}

const logTicks = (low: number, high: number): number[] => {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const factors = high / low > 1000 ? [1] : [1, 2, 5]
  return Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at))
    .flatMap((power) => factors.map((factor) => factor * power))
    .filter((figure) => figure >= low && figure <= high)
}

/** Colours are those of the style sheet, so that a chart follows the reader's scheme. */
export const ink = 'var(--ink)'
export const surface = 'var(--surface)'
const faint = 'var(--line)'
export const muted = 'var(--muted)'

export const axisStyle = {
  nameLocation: 'middle' as const,
  nameGap: 30,
  nameTextStyle: { color: muted, fontSize: 13 },
  axisLine: { show: true, lineStyle: { color: muted } },
  axisTick: { show: false },
  axisLabel: { color: ink, fontSize: 13, hideOverlap: true },
  splitLine: { show: true, lineStyle: { color: faint } },
}

/** Rows by name from top to bottom, on the left or, with what is read at their ends, on the right. */
export const rowAxis = (data: readonly string[], position: 'left' | 'right' = 'left') => ({
  ...axisStyle,
  type: 'category' as const,
  data: [...data],
  position,
  inverse: true,
  axisLine: { show: false },
  splitLine: { show: false },
  axisLabel: { color: ink, fontSize: 13, width: 172, overflow: 'break' as const },
})

/** Pixels that the names of rows need on their side. */
export const roomFor = (names: readonly string[]): number =>
  Math.min(196, 24 + 8 * Math.max(...names.map(({ length }) => length)))
