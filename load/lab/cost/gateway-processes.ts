import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Environment } from '@flash-deal/config'
import { bareEnvironment } from '@flash-deal/local/child-environment'
import { root } from '@flash-deal/local/paths'
import { freePorts } from '@flash-deal/local/ports'
import { layout, pin } from '../cores.ts'
import type { Template } from '../generator/protocol.ts'
import { listening } from '../instance.ts'
import { messageOf } from './child-message.ts'
import { bareName, type Work } from './work.ts'

/** Gateway processes in front of stub services that always respond with the same 300 bytes. */
export class GatewayProcesses {
  /** The port of the stub services. */
  readonly stubPort: number
  /** An access token of the stub services. */
  readonly token: string
  readonly #children: ChildProcess[]

  private constructor(stubPort: number, token: string, stub: ChildProcess) {
    this.stubPort = stubPort
    this.token = token
    this.#children = [stub]
  }

  static async start(): Promise<GatewayProcesses> {
    const [port = 0] = await freePorts(1)
    const stub = forked(join(import.meta.dirname, 'stub-services.ts'), [String(port)])
    return new GatewayProcesses(port, String(await messageOf(stub)), stub)
  }

  /** The bare route, the unit of all costs. */
  bare(port: number): ChildProcess {
    return this.#kept(forked(join(import.meta.dirname, 'bare.ts'), [String(port)]))
  }

  /**
   * @param scenarios as in `SCENARIOS`
   * @param limit requests per hour that M4 admits, for an address and for a user
   */
  gateway(port: number, scenarios: string, limit = unlimited): ChildProcess {
    const file = join(root, 'apps/gateway/src/server.ts')
    return this.#kept(forked(file, [], this.settings(port, scenarios, limit)))
  }

  /** The environment of a gateway. */
  settings(port: number, scenarios: string, limit = unlimited): Environment {
    const url = `http://127.0.0.1:${this.stubPort}`
    const all = String(limit)
    return {
      ...{ NODE_ENV: 'test', HOST: '127.0.0.1', LOG_LEVEL: 'info', INTERNAL_KEY: 'lab' },
      ...{ AUTH_URLS: url, PRODUCT_URLS: url, ORDER_URLS: url, GATEWAY_PORT: String(port) },
      ...{ RATE_LIMIT_ADDRESS: all, RATE_LIMIT_USER: all, RATE_LIMIT_WINDOW_S: '3600' },
      SCENARIOS: scenarios,
    }
  }

  end(): void {
    for (const child of this.#children) child.kill('SIGKILL')
  }

  #kept(child: ChildProcess): ChildProcess {
    this.#children.push(child)
    return child
  }
}

const unlimited = 10_000_000

const forked = (file: string, args: string[], env: Environment = {}): ChildProcess =>
  fork(file, args, {
    env: { ...bareEnvironment, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })

/** The requests to one process, which is the gateway or serves the bare route. */
export const workOf = (
  name: string,
  port: number,
  { pid = 0 }: Pick<ChildProcess, 'pid'>,
  request: Template,
): Work => ({
  name,
  port,
  templates: [request],
  processes: { [name === bareName ? bareName : 'gateway']: [pid] },
})

/** Waits until all processes listen, and pins them to the core of servers. */
export const whenReady = async (works: readonly Work[]): Promise<void> => {
  for (const port of new Set(works.map((work) => work.port)))
    await listening(`http://127.0.0.1:${port}`)
  const pids = works.flatMap((work) => Object.values(work.processes).flat())
  pin([...new Set(pids)], [layout.server])
}
