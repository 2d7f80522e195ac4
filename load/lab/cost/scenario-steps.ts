import { freePorts } from '@flash-deal/local/ports'
import { layout } from '../cores.ts'
import { startGenerator } from '../generator/generator.ts'
import type { Template } from '../generator/protocol.ts'
import { GatewayProcesses, whenReady, workOf } from './gateway-processes.ts'
import { privateRead, publicRead } from './gateway-requests.ts'
import type { Rotation } from './record.ts'
import { type CostOptions, measureInRotation } from './rotation.ts'
import { bareName, bareTemplate, type Work } from './work.ts'

/** `npm run cost -- layers`, second part: the cost that each scenario adds to the whole gateway. */

type Step = { name: string; scenarios: string; request: (token: string) => Template }

const withToken = (token: string): Template => privateRead(token)
const compressible = (token: string): Template =>
  privateRead(token, { 'accept-encoding': 'gzip, br' })

/** Each step has one scenario more than the previous one. */
export const scenarioSteps: readonly Step[] = [
  { name: 'proxying by @fastify/http-proxy', scenarios: '', request: () => publicRead },
  { name: 'proxying by undici (H5)', scenarios: 'h5', request: () => publicRead },
  { name: 'token check (M6)', scenarios: 'h5,m6', request: withToken },
  { name: 'cache of verified tokens (M2)', scenarios: 'h5,m6,m2', request: withToken },
  { name: 'limiter (M4)', scenarios: 'h5,m6,m2,m4', request: withToken },
  { name: 'compression (E6)', scenarios: 'h5,m6,m2,m4,e6', request: compressible },
]

export const measureScenarioSteps = async (options: CostOptions): Promise<Rotation> => {
  const processes = await GatewayProcesses.start()
  const generator = startGenerator(layout.generator)
  try {
    const works = await worksOf(processes)
    const warmUpMs = options.sliceMs * 3
    const samples = await measureInRotation({ ...options, generator, works, warmUpMs })
    return { name: 'scenarios', samples }
  } finally {
    generator.end()
    processes.end()
  }
}

const worksOf = async (processes: GatewayProcesses): Promise<Work[]> => {
  const [barePort = 0, ...ports] = await freePorts(scenarioSteps.length + 1)
  const bare = processes.bare(barePort)
  const works = [workOf(bareName, barePort, bare, bareTemplate)]
  for (const [index, { name, scenarios, request }] of scenarioSteps.entries()) {
    const port = ports[index] ?? 0
    const gateway = processes.gateway(port, scenarios)
    works.push(workOf(name, port, gateway, request(processes.token)))
  }
  await whenReady(works)
  return works
}
