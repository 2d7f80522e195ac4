import type { DataSourceRef, Panel } from '@grafana/schema'

/** Panels in Grafana's format, from the options in which they differ. */

/** The datasource that grafana/provisioning defines. */
const prometheus: DataSourceRef = { type: 'prometheus', uid: 'prometheus' }

/** A query and the text of its legend. */
export type Query = readonly [expr: string, legend: string]

export type PanelText = {
  title: string
  /** The figure, and what to do if it is wrong. */
  description: string
  /** A unit of Grafana, such as `s` or `reqps`. */
  unit: string
  queries: readonly Query[]
}

type Placed = (id: number, place: Place) => Panel
type Place = { x: number; y: number }

/** Of the 24 columns of a row. */
export type Sized = { width: number; height: number; panel: Placed }

type Threshold = { value: number; color: string }

/** Lines over time. Stacked lines add up to a total. */
export const lines = (text: PanelText, { width = 12, isStacked = false } = {}): Sized =>
  panelOf(text, {
    ...{ type: 'timeseries', width, height: 8 },
    custom: { fillOpacity: isStacked ? 20 : 0, stacking: { mode: isStacked ? 'normal' : 'none' } },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  })

/** Lines over time whose points lead to traces. */
export const durations = (text: PanelText): Sized => {
  const { panel, ...size } = lines(text)
  return {
    ...size,
    panel: (id, place) => {
      const plain = panel(id, place)
      const targets = (plain.targets ?? []).map((target) => ({ ...target, exemplar: true }))
      return { ...plain, targets }
    },
  }
}

/** One number, now. From each threshold on, it has that colour. */
export const number = (text: PanelText, thresholds: readonly Threshold[] = []): Sized =>
  panelOf(text, {
    ...{ type: 'stat', width: 4, height: 4 },
    thresholds,
    options: { colorMode: thresholds.length > 0 ? 'background' : 'none', graphMode: 'area' },
  })

/** Red from one upwards. */
export const zeroIsRight: readonly Threshold[] = [{ value: 1, color: 'red' }]

/** The state of things over time. Each number has a text and a colour. */
export const states = (
  text: PanelText,
  texts: Readonly<Record<number, { text: string; color: string }>>,
): Sized =>
  panelOf(text, {
    ...{ type: 'state-timeline', width: 12, height: 8 },
    mappings: [{ type: 'value', options: texts }],
    options: { showValue: 'auto', mergeValues: true },
  })

type Kind = {
  type: string
  width: number
  height: number
  options: Record<string, unknown>
  custom?: Record<string, unknown>
  thresholds?: readonly Threshold[]
  mappings?: unknown[]
}

const panelOf = ({ title, description, unit, queries }: PanelText, kind: Kind): Sized => {
  const { type, width, height, options, custom = {}, thresholds = [], mappings = [] } = kind
  const steps = [{ value: null, color: 'green' }, ...thresholds]
  const defaults = { unit, min: 0, custom, mappings, thresholds: { mode: 'absolute', steps } }
  return {
    width,
    height,
    panel: (id, { x, y }) => ({
      ...{ id, type, title, description, datasource: prometheus },
      gridPos: { x, y, w: width, h: height },
      fieldConfig: { defaults, overrides: [] } as NonNullable<Panel['fieldConfig']>,
      options,
      targets: queries.map(([expr, legendFormat], index) => ({
        refId: String.fromCharCode(65 + index),
        ...{ datasource: prometheus, expr, legendFormat },
      })),
    }),
  }
}

/** Rows of panels, from left to right and top to bottom. A row holds 24 columns. */
export const placed = (rows: readonly (readonly Sized[])[]): Panel[] => {
  const panels: Panel[] = []
  let y = 0
  for (const row of rows) {
    let x = 0
    for (const { panel, width } of row) {
      panels.push(panel(panels.length + 1, { x, y }))
      x += width
    }
    y += Math.max(...row.map(({ height }) => height))
  }
  return panels
}
