import type { Slice } from '../../record.ts'
import { positive } from '../../verdict/figures.ts'
import { styleOf } from '../arm-styles.ts'
import { type Evidence, figureOf } from '../evidence.ts'
import { figureWords } from '../phrases.ts'
import { axisStyle, logAxis, muted } from './axis.ts'
import type { Drawing } from './chart.ts'

/** Every measured slice in the order of time; slices that do not count are hollow marks. */
export const slicesChart = (evidence: Evidence): Drawing | undefined => {
  const { header, refused } = evidence
  const { slices, isWithout } = withoutFarCeiling(evidence)
  const figures = slices.flatMap((slice) => positive(figureOf(slice, header) ?? 0) ?? [])
  if (figures.length === 0) return undefined
  const words = figureWords(header)
  return {
    title: `Slices in the order of time, ${words}`,
    description: `${slices.length} slices, of which ${refused.length} do not count${isWithout ? '; those of the ceiling are outside the chart' : ''}`,
    shape: 'wide',
    height: 400,
    option: {
      grid: { left: 74, right: 14, top: 30, bottom: 50 },
      xAxis: {
        ...axisStyle,
        type: 'value',
        name: 'slice, in the order of time; lines mark restarts',
        min: 0,
        max: slices.length + 1,
        splitLine: { show: false },
        axisLabel: { ...axisStyle.axisLabel, showMaxLabel: false },
      },
      yAxis: { ...logAxis(figures, words), nameGap: 58 },
      series: [
        restartLines(slices),
        ...marksOf({ ...evidence, slices }, Math.log(Math.min(...figures))),
      ],
    },
  }
}

const farAway = 3

/** A ceiling of many times the rate is not drawn: it would compress all other slices into a line. */
const withoutFarCeiling = ({ header, slices }: Evidence) => {
  const ceiling = header.arms.find(({ role }) => role === 'ceiling')?.name
  const most = (own: readonly Slice[]) => Math.max(0, ...own.map((it) => figureOf(it, header) ?? 0))
  const others = slices.filter(({ arm }) => arm !== ceiling)
  const isWithout = others.length > 0 && most(slices) > farAway * most(others)
  return { slices: isWithout ? others : slices, isWithout }
}

/** @param bottom the position of a slice without a figure */
const marksOf = ({ header, slices, refused }: Evidence, bottom: number) => {
  const hollow = new Set(refused.map(({ slice }) => slice))
  return header.arms.flatMap(({ name }) => {
    const { colour, symbol } = styleOf(header.arms, name)
    const marks = (isHollow: boolean) =>
      slices.flatMap((slice, at) => {
        const figure = positive(figureOf(slice, header) ?? 0)
        return slice.arm === name && hollow.has(slice) === isHollow
          ? [[at + 1, figure === undefined ? bottom : Math.log(figure)]]
          : []
      })
    const style = { type: 'scatter', silent: true, clip: false, symbol }
    const full = { color: colour, opacity: 0.85 }
    const open = { color: 'transparent', borderColor: colour, borderWidth: 1.5, opacity: 1 }
    return [
      { ...style, symbolSize: 5, itemStyle: full, data: marks(false) },
      { ...style, symbolSize: 9, itemStyle: open, data: marks(true) },
    ]
  })
}

const restartLines = (slices: readonly Slice[]) => {
  const begins = slices.flatMap(({ restart }, at) =>
    restart === slices[at - 1]?.restart ? [] : { xAxis: at + 0.5, name: `${restart + 1}` },
  )
  return {
    type: 'scatter',
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      label: { formatter: '{b}', color: muted, fontSize: 12, position: 'end' },
      lineStyle: { color: muted, type: 'solid', width: 0.5 },
      data: begins,
    },
  }
}
