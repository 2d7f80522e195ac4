/** The metrics of the running services, as the table in docs/telemetry.md. */

export type Metric = {
  name: string
  type: string
  labels: string[]
  help: string
  services: string[]
}

/** Figures that every process has, from prom-client. */
const ofProcess = /^(process|nodejs)_(?!eventloop_seconds)/

/** @param pages the text of `/metrics`, by service */
export const metricsIn = (pages: Readonly<Record<string, string>>): Metric[] => {
  const metrics = new Map<string, Metric>()
  for (const [service, page] of Object.entries(pages)) {
    for (const [, name = '', help = ''] of page.matchAll(/^# HELP (\S+) (.*)$/gm)) {
      if (ofProcess.test(name)) continue
      const type = new RegExp(`^# TYPE ${name} (\\w+)$`, 'm').exec(page)?.[1] ?? ''
      const known = metrics.get(name) ?? { name, type, help, labels: [], services: [] }
      const labels = new Set([...known.labels, ...labelsIn(page, name)])
      const services = [...known.services, service]
      metrics.set(name, { ...known, labels: [...labels].sort(), services })
    }
  }
  return [...metrics.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

const labelsIn = (page: string, name: string): string[] => {
  const sample = new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{([^}]*)\\}`, 'gm')
  const texts = Array.from(page.matchAll(sample), ([, labels = '']) => labels)
  const names = texts.flatMap((text) =>
    Array.from(text.matchAll(/(\w+)="/g), ([, label = '']) => label),
  )
  return [...new Set(names)].filter((label) => label !== 'le')
}

export const metricTable = (metrics: readonly Metric[]): string =>
  [
    '| metric | type | labels | services | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...metrics.map(
      ({ name, type, labels, services, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${services.join(', ')} | ${help} |`,
    ),
  ].join('\n')
