import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Environment,
  environment,
  readSettings,
  resolveScenarios,
  settingsSchemas,
} from '@flash-deal/config'
import { loadLimits } from '../load-limits.ts'
import { stateFolder } from '../paths.ts'
import { freePorts } from '../ports.ts'
import { prepareStateFolder } from '../state-folder.ts'
import { Supervisor } from '../supervisor.ts'
import type { SystemStart } from '../system-start.ts'

export type StackOptions = {
  /** Environment variables: settings of the services, and scenarios (`SCENARIO_E2`). */
  settings?: Environment
  /** Called for each log line of a service. */
  onLine?: (name: string, line: string) => void
  /** Aborts downloads in progress. */
  abort?: AbortSignal
}

/**
 * A system on free ports, with a separate state folder; the user's settings have no effect on it.
 */
export const prepare = async ({
  settings = {},
  onLine,
  abort = new AbortController().signal,
}: StackOptions): Promise<SystemStart> => {
  const parent = stateFolder(readSettings('local'))
  prepareStateFolder(parent)
  const state = mkdtempSync(join(parent, `stack-${process.pid}-`))
  const inherited = {
    ...withoutSettings(environment()),
    NODE_COMPILE_CACHE: join(parent, 'compile-cache'),
    STATE_DIR: state,
    ...(await ports()),
    ...loadLimits,
    ...settings,
  }
  return {
    settings: readSettings('local', inherited),
    resolved: resolveScenarios({}, inherited),
    inherited,
    state,
    tools: join(parent, 'tools'),
    supervisor: new Supervisor(onLine),
    watch: false,
    abort,
    say: () => {},
  }
}

const portNames = [
  'ENVOY_GATEWAY',
  'GATEWAY',
  'AUTH',
  'PRODUCT',
  'PRODUCT_GRPC',
  'ORDER',
  'POSTGRES',
  'VALKEY',
  'KAFKA',
  'KAFKA_CONTROLLER',
]

const ports = async (): Promise<Environment> => {
  const free = await freePorts(portNames.length + 3)
  const own = portNames.map((name) => [`${name}_PORT`, String(free.pop())])
  return { ...Object.fromEntries(own), REDLOCK_PORTS: free.join() }
}

const withoutSettings = (env: Environment): Environment => {
  const isSetting = (name: string): boolean =>
    name in settingsSchemas.local.shape || /^(TEST_|SCENARIO)|_URL$|^KEYS_DIR$/.test(name)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)))
}
