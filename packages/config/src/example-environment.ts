import type { z } from 'zod'
import { scenarioIds, scenarioOf, variantsOf } from './scenarios.ts'
import { settingsByHeading } from './settings.ts'

/** The text of `.env.example`: every setting with its purpose, and its default in a comment. */
export const exampleEnvironment = (): string =>
  [
    '# Every setting, with its default. Copy what you change to .env; the environment wins over it.',
    '# Generated from packages/config. DO NOT EDIT; run npm run generate.',
    ...Object.entries(settingsByHeading).map(([heading, settings]) =>
      section(heading, Object.entries(settings).map(settingLines)),
    ),
    section('Scenarios: the variant of each optimization', scenarioLines()),
    '',
  ].join('\n')

const section = (heading: string, lines: readonly string[]): string =>
  ['', `## ${heading}`, ...lines].join('\n')

const settingLines = ([name, schema]: [string, z.ZodType]): string => {
  const { description = '', secret } = schema.meta() ?? {}
  const note = secret === true ? ' Secret: required in production.' : ''
  return `# ${description}.${note}\n# ${name}=${defaultOf(schema)}`
}

const defaultOf = (schema: z.ZodType): string => {
  const { data } = schema.safeParse(undefined)
  return Array.isArray(data) ? data.join(',') : String(data ?? '')
}

const scenarioLines = (): string[] => [
  '# All that keep promise and deployment as they are, or a list such as e1,m1:redlock.\n# SCENARIOS=',
  ...scenarioIds.map((id) => {
    const { status, title } = scenarioOf(id)
    const note = status === 'planned' ? ' Planned.' : ''
    return `# ${title}: ${variantsOf(id).join(', ')}.${note}\n# SCENARIO_${id}=baseline`
  }),
]
