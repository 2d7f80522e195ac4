import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '@flash-deal/config'
import { freePorts } from '@flash-deal/local/ports'
import type { ServiceName } from '@flash-deal/local/services'
import { type ArmState, flagsOf } from './arm-state.ts'
import type { Arm } from './record.ts'
import { loading } from './slowdowns/loading.ts'
import type { Subject } from './subjects/subject.ts'

/** The processes of one arm. */
export type Instance = {
  arm: Arm
  /** The URL that receives the load. */
  port: number
  address: string
  processes: readonly Process[]
  /** Milliseconds under load, and requests completed, since the start. */
  warmedMs: number
  warmedRequests: number
}

export type Process = { service: ServiceName; name: string; pid: number; port: number }

/** With the stack as the arm sees it. */
type Place = { subject: Subject; arm: Arm } & ArmState

/** Starts the services of an arm, each of which calls the others of the same arm. */
export const startServices = async (
  { subject, stack, arm, environment }: Place,
  more: Environment = {},
): Promise<Instance> => {
  const [grpcPort = 0, ...ports] = await freePorts(subject.services.length + 1)
  const own = subject.services.map((service, index) => ({ service, port: ports[index] ?? 0 }))
  const given = { ...environment, ...subject.environment?.(arm, stack), ...more }
  const settings = {
    // A system that several subjects share was started without them.
    ...subject.settings,
    ...{ ...flagsOf(arm.scenarios), ...upstreamsOf(own), ...grpcAt(grpcPort), ...given },
  }
  const started = own.map(async ({ service, port }): Promise<Process> => {
    const name = `${service} of ${arm.name}`
    await stack.startBeside({ service, name, port, settings, nodeOptions })
    return { service, name, port, pid: stack.supervisor.pid(name) ?? 0 }
  })
  return instanceOf(arm, await Promise.all(started))
}

/**
 * V8 collects the garbage of an idle process some seconds after its load, and would do so in the slice
 * of another arm.
 */
const nodeOptions = ['--no-memory-reducer']

/** Starts the ceiling, which may request its responses from the source. */
export const startCeiling = (place: Place, source: Source): Promise<Instance> => {
  const { ceiling } = place.subject
  return 'plant' in ceiling
    ? startServices(place, loading(ceiling.plant))
    : startProgram(place, ceiling.program, source)
}

/** The address and the paths of the responses that a ceiling sends. */
type Source = { origin: string; paths: readonly string[] }

const startProgram = async (
  { subject, stack, arm }: Place,
  program: string,
  { origin, paths }: Source,
): Promise<Instance> => {
  const [port = 0] = await freePorts(1)
  const [service] = subject.services
  const pid = stack.supervisor.start({
    name: arm.name,
    kind: 'service',
    command: process.execPath,
    args: [
      ...nodeOptions,
      join(import.meta.dirname, 'ceilings', program),
      ...[`${port}`, origin, ...paths],
    ],
    env: subject.environment?.(arm, stack) ?? {},
    output: 'lines',
  })
  await listening(`http://127.0.0.1:${port}`)
  return instanceOf(arm, [{ service, name: arm.name, port, pid }])
}

const instanceOf = (arm: Arm, processes: readonly Process[]): Instance => {
  const [{ port } = { port: 0 }] = processes
  return {
    arm,
    port,
    address: `http://127.0.0.1:${port}`,
    processes,
    warmedMs: 0,
    warmedRequests: 0,
  }
}

/** With H1 `grpc`, product listens on this port and order calls it. */
const grpcAt = (port: number): Environment => ({
  PRODUCT_GRPC_PORT: String(port),
  PRODUCT_GRPC_URLS: `http://127.0.0.1:${port}`,
})

const upstreamsOf = (own: readonly Pick<Process, 'service' | 'port'>[]): Environment =>
  Object.fromEntries(
    own
      .filter(({ service }) => service !== 'gateway')
      .map(({ service, port }) => [`${service.toUpperCase()}_URLS`, `http://127.0.0.1:${port}`]),
  )

/** Waits until the address responds. @throws Error if it does not within ten seconds */
export const listening = async (address: string): Promise<void> => {
  const deadline = Date.now() + 10_000
  while (!(await fetch(address).then(Boolean, () => false))) {
    if (Date.now() > deadline) throw new Error(`${address} does not respond.`)
    await sleep(50)
  }
}
