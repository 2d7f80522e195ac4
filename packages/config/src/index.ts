import { loadEnvFile as load } from './env-file.ts'
import { keepLibrariesOff } from './own-environment.ts'
import { readSettings as read } from './read-settings.ts'
import {
  type Environment,
  type Resolved,
  resolveScenarios as resolve,
} from './resolve-scenarios.ts'
import type { Scenarios } from './scenarios.ts'
import type { ProcessName, Settings } from './settings.ts'

export { ConfigError } from './config-error.ts'
export { parsePostgresAddress } from './kinds.ts'
export { metricsPortOffset } from './metrics-port.ts'
export { activeScenarios, type Environment, type Resolved } from './resolve-scenarios.ts'
export * from './scenarios.ts'
export { type Redact, redactor } from './secrets.ts'
export type { DatabaseSettings, ProcessName, ServiceSettings, Settings } from './settings.ts'

keepLibrariesOff(process.env)

/** Reads the settings of one process from its environment; see `read-settings.ts`. */
export const readSettings = <Name extends ProcessName>(
  name: Name,
  environment: Environment = process.env,
): Settings<Name> => read(name, environment)

/** Decides the variant of every scenario; see `resolve-scenarios.ts`. */
export const resolveScenarios = (
  argument: Partial<Scenarios> = {},
  environment: Environment = process.env,
): Resolved => resolve(environment, argument)

/** Adds the settings of `.env` to this process's environment; see `env-file.ts`. */
export const loadEnvFile = (): string[] => {
  const problems = load(process.env)
  keepLibrariesOff(process.env)
  return problems
}

/** The environment for a child process; the only way to pass it on. */
export const environment = (): Environment => process.env
export { settingsSchemas } from './settings.ts'
