import type { ChildProcess } from 'node:child_process'
import { freePorts } from '@flash-deal/local/ports'
import { layout } from '../cores.ts'
import { type Generator, startGenerator } from '../generator/generator.ts'
import { GatewayProcesses, whenReady, workOf } from './gateway-processes.ts'
import {
  beyondTheLimit,
  order,
  productRead,
  publicRead,
  withoutValidToken,
} from './gateway-requests.ts'
import { type OtherProxy, startEnvoy, startNginx } from './other-proxies.ts'
import type { Rotation } from './record.ts'
import { type CostOptions, connections, measureInRotation } from './rotation.ts'
import { bareName, bareTemplate, type Work } from './work.ts'

/** `npm run cost -- gateway`: what whole requests cost in the gateway, with its scenarios on. */

const readName = 'proxied GET'
const orderName = 'proxied POST with token, limiter, 300 bytes'

/** In bare routes, by the name of the work; see the issue of the gateway's scenarios. */
export const gatewayTargets: Readonly<Record<string, number>> = {
  [readName]: 3,
  [orderName]: 4,
  'GET from the edge cache': 1.5,
  '401': 1.5,
  '429': 1.5,
}

const scenarios = 'm2,m4,m6,m9,h5'

export const measureGateway = async (options: CostOptions): Promise<Rotation[]> => {
  const processes = await GatewayProcesses.start()
  const generator = startGenerator(layout.generator)
  const others: OtherProxy[] = []
  try {
    const [barePort = 0, port = 0, limitedPort = 0, ...otherPorts] = await freePorts(6)
    const bare = processes.bare(barePort)
    const whole = processes.gateway(port, scenarios)
    const limited = processes.gateway(limitedPort, scenarios, 1)
    const [nginxPort = 0, envoyPort = 0, adminPort = 0] = otherPorts
    const nginx = startNginx(nginxPort, processes.stubPort)
    others.push(nginx)
    const envoy = await startEnvoy(envoyPort, processes, { gatewayPort: port, adminPort })
    others.push(envoy)
    const works = [
      workOf(bareName, barePort, bare, bareTemplate),
      ...worksAt(port, whole, processes.token),
      workOf('429', limitedPort, limited, beyondTheLimit),
      ...worksOf('nginx, which checks nothing', nginxPort, nginx, processes.token, options.say),
      ...worksOf('Envoy', envoyPort, envoy, processes.token, options.say),
    ]
    await whenReady(works)
    await useUp(generator, limitedPort)
    const warmUpMs = options.sliceMs * 3
    const samples = await measureInRotation({ ...options, generator, works, warmUpMs })
    return [{ name: 'gateway', samples }]
  } finally {
    generator.end()
    for (const other of others) if ('end' in other) other.end()
    processes.end()
  }
}

const worksAt = (port: number, gateway: ChildProcess, token: string): Work[] => [
  workOf(readName, port, gateway, publicRead),
  workOf(orderName, port, gateway, order(token)),
  workOf('GET from the edge cache', port, gateway, productRead),
  workOf('401', port, gateway, withoutValidToken),
]

const worksOf = (
  name: string,
  port: number,
  proxy: OtherProxy,
  token: string,
  say: (line: string) => void,
): Work[] => {
  if ('pid' in proxy) {
    return [
      workOf(`${readName} by ${name}`, port, proxy, publicRead),
      workOf(`proxied POST by ${name}`, port, proxy, order(token)),
    ]
  }
  say(`Not compared with ${name}: ${proxy.reason}.`)
  return []
}

/** Each connection has its own address; the limiter admits its first request. */
const useUp = async (generator: Generator, port: number): Promise<void> => {
  await generator.run({ port, connections, durationMs: 500, templates: [beyondTheLimit] })
}
