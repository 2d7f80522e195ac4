import { type ChildProcess, fork } from 'node:child_process'
import { freePorts } from '@flash-deal/local/ports'
import { layout, pin } from '../cores.ts'
import { startGenerator } from '../generator/generator.ts'
import type { Template } from '../generator/protocol.ts'
import { messageOf } from './child-message.ts'
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
  const children = ports.map(forkLayer)
  const generator = startGenerator(layout.generator)
  try {
    // Each sends a message when it listens.
    await Promise.all(children.map(messageOf))
    pin(children.map(pidOf), [layout.server])
    const works = layers.map(({ name }, index): Work => {
      const child = children[index] as ChildProcess
      return {
        name,
        port: ports[index] ?? 0,
        templates: [template],
        processes: { gateway: [pidOf(child)] },
        allocatedBytes: () => allocatedBy(child),
      }
    })
    const warmUpMs = options.sliceMs * 3
    const samples = await measureInRotation({ ...options, generator, works, warmUpMs })
    return { name: 'layers', samples }
  } finally {
    generator.end()
    for (const child of children) child.kill()
  }
}

const forkLayer = (port: number, index: number): ChildProcess =>
  fork(`${import.meta.dirname}/layer-server.ts`, [String(port), String(index)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })

const pidOf = ({ pid = 0 }: ChildProcess): number => pid

const allocatedBy = async (child: ChildProcess): Promise<number> => {
  child.send('allocated')
  return Number(await messageOf(child))
}
