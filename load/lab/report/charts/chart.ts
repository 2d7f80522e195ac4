import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type Html, html, trusted } from '../html.ts'

use([SVGRenderer, BarChart, CustomChart, LineChart, ScatterChart, GridComponent, MarkLineComponent])

/** A chart: its name, its text alternative, and its drawing. */
export type Drawing = {
  title: string
  description: string
  shape: keyof typeof widths
  /** Pixels. */
  height: number
  option: EChartsCoreOption
  /** The same for a telephone, where this is as wide as the page. */
  onNarrow?: Omit<Drawing, 'onNarrow'>
}

/** Pixels. A narrow chart fits a telephone, one that is wide scrolls there; of a page there are two. */
const widths = { narrow: 460, wide: 1_000, page: 1_100 }

/** An SVG that moves nothing, loads nothing and takes its colours from the page. */
export const chartSvg = ({ title, description, shape, height, option }: Drawing): Html => {
  const width = widths[shape]
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, textStyle: { fontFamily: 'inherit' }, ...option })
  const drawn = bare(chart.renderToSVGString())
  chart.dispose()
  return html`<svg class="${shape}" role="img" aria-label="${title}. ${description}" viewBox="0 0 ${width} ${height}"
width="${width}" height="${height}"><title>${title}</title>${trusted(drawn)}</svg>`
}

/**
 * Without the frame, which is ours, and without what only a chart with a script has a use for; an
 * axis holds all of its data, so that nothing has to be clipped.
 */
const bare = (svg: string): string =>
  svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<(style|defs)[\s\S]*?<\/\1>/g, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/ (?:class|clip-path|pointer-events|xml:space|ecmeta_\w+)="[^"]*"/g, '')
