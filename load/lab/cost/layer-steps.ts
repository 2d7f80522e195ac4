import type { Cost } from './summary.ts'

/** The cost that a layer adds to the previous layers, in bare routes. */
export type LayerStep = { cost: Cost; adds: number }

export const layerSteps = (costs: readonly Cost[]): LayerStep[] =>
  costs.map((cost, index) => ({
    cost,
    adds: cost.bareRoutes.median - (costs[index - 1]?.bareRoutes.median ?? 0),
  }))

/** A bar chart that Markdown viewers draw (mermaid). */
export const layerChart = (costs: readonly Cost[]): string =>
  [
    '```mermaid',
    'xychart-beta',
    '  title "CPU of a request with all layers up to this one, in bare routes"',
    `  x-axis [${costs.map(({ work }) => `"${work}"`).join(', ')}]`,
    '  y-axis "bare routes" 0 --> ' +
      Math.ceil(Math.max(...costs.map(({ bareRoutes }) => bareRoutes.median))),
    `  bar [${costs.map(({ bareRoutes }) => bareRoutes.median.toFixed(2)).join(', ')}]`,
    '```',
  ].join('\n')
