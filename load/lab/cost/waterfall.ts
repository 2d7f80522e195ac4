import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { freePorts } from '@flash-deal/local/ports'
import { layout, pin } from '../cores.ts'
import { startGenerator } from '../generator/generator.ts'
import type { Template } from '../generator/protocol.ts'
import { layers } from './layers.ts'
import type { Rotation } from './record.ts'
import { type CostOptions, measureInRotation } from './rotation.ts'
import { measureScenarioSteps } from './scenario-steps.ts'
import type { Work } from './work.ts'

/** `npm run cost -- layers`: what each layer of the gateway adds to a bare route. */

const template: Template = { wire: 'GET /bare HTTP/1.1\r\nhost: lab\r\n\r\n', status: 200 }

export const measureLayers = async (options: CostOptions): Promise<Rotation[]> => [
  await measureCommonLayers(options),
  await measureScenarioSteps(options),
]

/** What all services share, and the routing of the gateway. */
const measureCommonLayers = async (options: CostOptions): Promise<Rotation> => {
  const ports = await freePorts(layers.length)
  const children = await Promise.all(ports.map(startLayer))
  const generator = startGenerator(layout.generator)
  try {
    const works = layers.map(({ name }, index): Work => {
      const child = children[index] as ChildProcess
      return {
        name,
        port: ports[index] ?? 0,
        templates: [template],
        processes: { gateway: [child.pid ?? 0] },
        allocatedBytes: () => allocatedBy(child),
      }
    })
    const warmUpMs = options.sliceMs * 3
    const samples = await measureInRotation({ ...options, generator, works, warmUpMs })
    return { name: 'layers', samples }
  } finally {
    generator.end()
    for (const child of children) child.disconnect()
  }
}

const startLayer = async (port: number, index: number): Promise<ChildProcess> => {
  const child = fork(`${import.meta.dirname}/layer-server.ts`, [String(port), String(index)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  pin([child.pid ?? 0], [layout.server])
  return child
}

const allocatedBy = async (child: ChildProcess): Promise<number> => {
  child.send('allocated')
  const [bytes] = (await once(child, 'message')) as [number]
  return bytes
}
