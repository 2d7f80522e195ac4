import type { Dashboard, VariableModel } from '@grafana/schema'
import { placed, type Sized } from './panel.ts'

export type DashboardText = {
  uid: string
  title: string
  description: string
  /** A variable that the queries use, and the query for its values. */
  variable: { name: string; label: string; query: string }
  rows: readonly (readonly Sized[])[]
}

/** A dashboard as Grafana stores it. */
export const dashboardOf = ({
  uid,
  title,
  description,
  variable,
  rows,
}: DashboardText): Dashboard => ({
  ...{ uid, title, description },
  tags: ['flash-deal'],
  schemaVersion: 39,
  editable: false,
  refresh: '10s',
  time: { from: 'now-30m', to: 'now' },
  timezone: 'browser',
  // The cursor is at the same time in all panels.
  graphTooltip: 1,
  links: [
    {
      ...{ title: 'Flash Deal', type: 'dashboards', tags: ['flash-deal'], url: '', tooltip: '' },
      ...{ icon: '', asDropdown: false, includeVars: false, keepTime: true, targetBlank: false },
    },
  ],
  templating: { list: [choiceOf(variable)] },
  panels: placed(rows),
})

/** All values, unless some are chosen. */
const choiceOf = ({ name, label, query }: DashboardText['variable']): VariableModel => ({
  ...{ name, label, type: 'query', query, definition: query },
  datasource: { type: 'prometheus', uid: 'prometheus' },
  ...{ multi: true, includeAll: true, allValue: '.*', current: { text: 'All', value: '$__all' } },
  // On each change of the time range.
  refresh: 2,
})
