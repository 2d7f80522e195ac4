import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sale } from './dashboards/sale.ts'
import { services } from './dashboards/services.ts'

/** Writes the dashboards for Grafana; `--check` only compares. */

const folder = join(import.meta.dirname, 'grafana/dashboards/gen')
const textOf = (dashboard: object): string => `${JSON.stringify(dashboard, null, 2)}\n`
const files = { 'sale.json': textOf(sale), 'services.json': textOf(services) }

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

const isStale = ([name, text]: [string, string]): boolean => {
  try {
    return readFileSync(join(folder, name), 'utf8') !== text
  } catch {
    return true
  }
}

const stale = Object.entries(files).filter(isStale)
if (values.check && stale.length > 0) {
  const names = stale
    .map(([name]) => `infra/observability/grafana/dashboards/gen/${name}`)
    .join(', ')
  console.error(`${names} not up to date. Run npm run generate.`)
  process.exitCode = 1
} else {
  for (const [name, text] of stale) writeFileSync(join(folder, name), text)
}
