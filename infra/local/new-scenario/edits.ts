import { PlainError } from '../plain-error.ts'
import type { Names } from './names.ts'

/** Inserts a text before a marker. @throws PlainError unless the marker occurs once */
const insertBefore = (text: string, mark: string, inserted: string): string => {
  const at = text.indexOf(mark)
  if (at < 0 || text.indexOf(mark, at + 1) >= 0) {
    throw new PlainError(`The file does not have "${mark}" once, so it was not changed.`)
  }
  return text.slice(0, at) + inserted + text.slice(at)
}

/** Adds the row to the end of the scenario table (packages/config/src/scenarios.ts). */
export const withRow = (table: string, { id, slug, app, title }: Names): string =>
  insertBefore(
    table,
    '} as const satisfies Record<string, Scenario>',
    `  ${id}: {
    slug: '${slug}',
    title: '${title}',
    apps: ['${app}'],
    seam: 'strategy',
    variants: { baseline: 'what it does today', optimized: 'what it does instead' },
    script: 'health-check',
    status: 'implemented',
  },
`,
  )

/** Passes the flag to the containers (docker-compose.yml). */
export const withFlag = (compose: string, { id }: Names): string =>
  insertBefore(
    compose,
    '\n# The environment of all four services.',
    `  SCENARIO_${id}: \${SCENARIO_${id}:-}\n`,
  )

/** Registers the plugin in apps/<app>/src/app.ts, before the routes of the contract. */
export const withPlugin = (source: string, { id, value, folder }: Names): string => {
  const registered = insertBefore(
    source,
    '  await app.register(contract,',
    `  await app.register(${value}, { variant: scenarios.${id} })\n`,
  )
  return `import { ${value} } from './scenarios/${folder}/plugin.ts'\n${registered}`
}
