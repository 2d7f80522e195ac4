import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Environment } from '@flash-deal/config'
import { freePorts } from '@flash-deal/local/ports'
import type { ServiceName } from '@flash-deal/local/services'
import type { Stack } from '@flash-deal/local/stack'
import type { Point } from '../plants/stop-at-point.ts'
import { type Act, type Arrange, restartWith, type Scene } from './act.ts'

/** A process ends, or stops, at a point that is told: the next time it comes there after the strike. */

const plant = pathToFileURL(join(import.meta.dirname, '../plants/stop-at-point.ts')).href

const planted = (point: Point, signal: NodeJS.Signals): Environment => ({
  NODE_OPTIONS: `--import=${plant}`,
  FAULT_POINT: point,
  FAULT_SIGNAL: signal,
})

/** How long it may take until the point is passed. */
const passedWithinMs = 10_000

const notPassed = (point: Point): string => `the point ${point} was not passed`

/** @param provoke what has to happen so that the point is passed, where a sale alone does not do */
export const dieAt =
  (service: ServiceName, point: Point, provoke?: (scene: Scene) => Promise<unknown>): Arrange =>
  async (scene) => {
    const { stack } = scene
    const restore = await restartWith(stack, { [service]: planted(point, 'SIGKILL') })
    const isGone = (): boolean => stack.supervisor.pid(service) === undefined
    let isPlanted = true
    return {
      strike: async () => {
        const exited = stack.supervisor.exited(service)
        stack.supervisor.kill(service, 'SIGUSR1')
        await provoke?.(scene)
        const late = sleep(passedWithinMs, undefined, { ref: false })
        const exit = await Promise.race([exited, late])
        return exit?.signal === 'SIGKILL' ? undefined : notPassed(point)
      },
      mend: async () => {
        if (!isGone()) return
        isPlanted = false
        await stack.restart(service)
      },
      clear: async () => {
        if (isPlanted) await restore()
      },
    }
  }

const second = 'second-order'

/**
 * Half of the orders go to a second instance of order, which stops when product has granted and
 * before it has stored. When it goes on, all it knows of is long decided by others.
 */
export const stopSecondOrder: Arrange = async ({ stack }) => {
  const [port = 0] = await freePorts(1)
  const settings = planted('after-reserve', 'SIGSTOP')
  const address = await stack.startBeside({ service: 'order', name: second, port, settings })
  const urls = [stack.addresses.order, address].join()
  const restore = await restartWith(stack, { gateway: { ORDER_URLS: urls } })
  const wake = (): void => signalIfThere(stack, 'SIGCONT')
  return {
    strike: async () => {
      stack.supervisor.kill(second, 'SIGUSR1')
      return (await hasPassed(stack)) ? undefined : notPassed('after-reserve')
    },
    mend: async () => wake(),
    clear: async () => {
      await restore()
      await stack.supervisor.stop(second)
    },
  } satisfies Act
}

const signalIfThere = ({ supervisor }: Stack, signal: NodeJS.Signals): void => {
  if (supervisor.pid(second) !== undefined) supervisor.kill(second, signal)
}

/** The plant says so before it stops. */
const hasPassed = async ({ supervisor }: Stack): Promise<boolean> => {
  const deadline = performance.now() + passedWithinMs
  while (performance.now() < deadline) {
    if (supervisor.lastLines(second).some((line) => line.startsWith('Passing '))) return true
    await sleep(20)
  }
  return false
}
