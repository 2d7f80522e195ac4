import { whole } from '../numbers.ts'

/**
 * A logarithmic axis: equal ratios have equal distances on both sides of 1. Chart coordinates are
 * logarithms; labels are the figures.
 *
 * @param always figures within the range that always have a label
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

/** Labels that are too close to these marks are left out. */
const withMarks = (ticks: readonly number[], marks: readonly number[], room: number): number[] => {
  const apart = ticks.filter((tick) => marks.every((mark) => Math.abs(tick - mark) > room))
  return [...marks, ...apart].toSorted((one, other) => one - other)
}

const round = (figure: number): string =>
  figure >= 1000 ? whole(figure) : `${Number(figure.toPrecision(3))}`

export const times = (ratio: number): string => `×${round(ratio)}`
export const ms = (figure: number): string => `${round(figure)} ms`

/** Up to eight round figures: steps of 1, 2, 5 in a narrow range; otherwise powers of ten with 2 and 5. */
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

/** Colours come from the style sheet, so that a chart follows the reader's colour scheme. */
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

/** Row names from top to bottom on the left, or the rows' values on the right. */
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

/** Pixels for the names of rows. */
export const roomFor = (names: readonly string[]): number =>
  Math.min(196, 24 + 8 * Math.max(...names.map(({ length }) => length)))
