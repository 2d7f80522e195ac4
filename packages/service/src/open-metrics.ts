/** A counter, whose family has no `_total` in OpenMetrics. */
const counter = /^# HELP (\S+)_total (.*)\n# TYPE \1_total counter$/gm

/**
 * Converts a page of Prometheus's text format to OpenMetrics, which has exemplars. prom-client can write
 * OpenMetrics, but then permanently removes `_total` from the names of its counters.
 *
 * @param exemplars by the sample that each belongs to
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export const openMetricsFrom = (page: string, exemplars: ReadonlyMap<string, string>): string => {
  const lines = page.replace(counter, '# HELP $1 $2\n# TYPE $1 counter').split('\n')
  const written = lines
    .filter((line) => line !== '')
    .map((line) => {
      const exemplar = exemplars.get(line.slice(0, line.lastIndexOf(' ')))
      return exemplar === undefined ? line : `${line} ${exemplar}`
    })
  return `${written.join('\n')}\n# EOF\n`
}
