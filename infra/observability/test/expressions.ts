import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { sale } from '../dashboards/sale.ts'
import { services } from '../dashboards/services.ts'
import { folder } from './promtool.ts'

/** The PromQL of dashboards and rules. */

/** What Grafana replaces before it asks: here, the window is as short as the scrapes are close. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '10s').replaceAll(/"\$\w+"/g, '".*"')

/** The queries of all panels, and those for the values of the variables. */
export const dashboardQueries = (): string[] =>
  [sale, services].flatMap(({ panels = [], templating }) => [
    ...panels.flatMap((panel) =>
      'targets' in panel ? (panel.targets ?? []).map(({ expr }) => filledIn(String(expr))) : [],
    ),
    ...(templating?.list ?? []).map(({ query }) => labelValues(String(query))),
  ])

/** `label_values(metric, label)` is Grafana's; in PromQL it is the series by the label. */
const labelValues = (query: string): string => {
  const [, metric, label] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? []
  if (metric === undefined) throw new Error(`${query} is no query for the values of a label.`)
  return `count by (${label}) (${metric})`
}

/** The expressions of all alerts and recorded series. */
export const alertsAndRules = (): string[] =>
  readdirSync(join(folder, 'prometheus/rules')).flatMap((name) => {
    const { groups } = parse(readFileSync(join(folder, 'prometheus/rules', name), 'utf8')) as {
      groups: { rules: { expr: string }[] }[]
    }
    return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))
  })

const words = new Set(['and', 'or', 'unless', 'by', 'on', 'without', 'ignoring', 'bool'])

/**
 * The series that an expression reads, without the condition that a request has failed: in a sale
 * that goes well, none has.
 */
export const selectorsIn = (expr: string): string[] =>
  Array.from(
    expr
      .replaceAll(/\b(by|on|without|ignoring) \([^)]*\)/g, '')
      .matchAll(/[a-zA-Z_:][\w:]*(?!\w|\s*\()(\{[^}]*\})?/g),
    ([selector]) => selector.replace(/,?status=~"5\.\."/, ''),
  ).filter((selector) => !words.has(selector) && !/^\d*[smhd]$/.test(selector))
