import type { z } from 'zod'
import { ConfigError } from './config-error.ts'
import { developmentSecret } from './kinds.ts'
import type { Environment } from './resolve-scenarios.ts'
import { type ProcessName, type Settings, settingsSchemas } from './settings.ts'

/**
 * Reads the settings of one process.
 *
 * @throws ConfigError naming every setting that is wrong and, in production, every secret that is
 * missing or left at its default. Values of secrets are never part of the message.
 */
export const readSettings = <Name extends ProcessName>(
  name: Name,
  environment: Environment,
): Settings<Name> => {
  const schema = settingsSchemas[name]
  const result = schema.safeParse(environment)
  const problems = [
    ...(result.success ? [] : result.error.issues.map(sentence)),
    ...(environment.NODE_ENV === 'production' ? missingSecrets(schema.shape, environment) : []),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  // The schema was looked up by Name, which the compiler does not follow through safeParse.
  return Object.freeze(result.data) as Settings<Name>
}

const sentence = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')} ${issue.message}.`

const missingSecrets = (shape: Record<string, z.ZodType>, environment: Environment): string[] =>
  Object.entries(shape)
    .filter(([, schema]) => schema.meta()?.secret === true)
    .filter(([name]) => (environment[name] || developmentSecret).includes(developmentSecret))
    .map(([name]) => `${name} is a secret and must be set in production.`)
