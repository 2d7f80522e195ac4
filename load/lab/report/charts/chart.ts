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
  /** The drawing for a phone, where the chart is as wide as the page. */
  onNarrow?: Omit<Drawing, 'onNarrow'>
}

/** Pixels. A `narrow` chart fits a phone, a `wide` one scrolls there, and `page` has one drawing for each. */
const widths = { narrow: 460, wide: 1_000, page: 1_100 }

/** An SVG without animation and external resources; its colours come from the page. */
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
 * Removes the outer element, which the page provides, and attributes that only scripts use. Every
 * axis covers all of its data, so clip paths are removed too.
 */
const bare = (svg: string): string =>
  svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<(style|defs)[\s\S]*?<\/\1>/g, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/ (?:class|clip-path|pointer-events|xml:space|ecmeta_\w+)="[^"]*"/g, '')
