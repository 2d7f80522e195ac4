import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Environment } from '@flash-deal/config'
import { Database } from '@flash-deal/db'
import { PlainError } from '@flash-deal/local/plain-error'
import { freePorts } from '@flash-deal/local/ports'
import type { ServiceName } from '@flash-deal/local/services'
import type { Stack } from '@flash-deal/local/stack'
import type { Point } from '../hooks/stop-at-point.ts'
import { type Act, type Arrange, restartWith, type Scene } from './act.ts'

/** A process ends, or stops, at a point that is told: the next time it comes there after the injection. */

const plant = pathToFileURL(join(import.meta.dirname, '../hooks/stop-at-point.ts')).href

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
      inject: async () => {
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
 * before it has stored. When it goes on, all it knows of is long decided by others: what was void
 * then stays so.
 */
export const stopSecondOrder: Arrange = async ({ stack }) => {
  const [port = 0] = await freePorts(1)
  const settings = planted('after-reserve', 'SIGSTOP')
  const address = await stack.startBeside({ service: 'order', name: second, port, settings })
  const urls = [stack.addresses.order, address].join()
  const restore = await restartWith(stack, { gateway: { ORDER_URLS: urls } })
  let stopped: string | undefined
  let isVoid = false
  return {
    inject: async () => {
      stack.supervisor.kill(second, 'SIGUSR1')
      stopped = await stoppedOrder(stack)
      return stopped === undefined ? notPassed('after-reserve') : undefined
    },
    mend: async () => {
      isVoid = stopped !== undefined && (await settledState(stack, stopped)) === 'void'
      signalIfThere(stack, 'SIGCONT')
    },
    clear: async () => {
      await restore()
      await stack.supervisor.stop(second)
      if (!isVoid || stopped === undefined) return
      const state = await settledState(stack, stopped)
      if (state !== 'void') throw new PlainError(`Order ${stopped} was void, and then ${state}`)
    },
  } satisfies Act
}

/** Whoever asks or sweeps settles it, within the hold and a sweep. */
const settledWithinMs = 15_000

/** @throws PlainError where nobody has decided what becomes of it */
const settledState = async ({ databases }: Stack, id: string): Promise<string> => {
  const pools = { quick: { max: 1, pipelines: false } }
  const limits = { timeoutMs: 2_000, queueMax: 1 }
  const db = new Database({ url: databases.orderUrl, applicationName: 'faults', pools, ...limits })
  const statement = { name: 'order_state', text: 'select status from orders where id = $1' }
  const deadline = performance.now() + settledWithinMs
  try {
    while (performance.now() < deadline) {
      const [row] = await db.query<{ status: string }>(statement, [id])
      if (row) return row.status
      await sleep(100)
    }
    throw new PlainError(`Nobody settled order ${id} while its instance was stopped`)
  } finally {
    await db.close()
  }
}

const signalIfThere = ({ supervisor }: Stack, signal: NodeJS.Signals): void => {
  if (supervisor.pid(second) !== undefined) supervisor.kill(second, signal)
}

/** The plant tells which it is before it stops. */
const stoppedOrder = async ({ supervisor }: Stack): Promise<string | undefined> => {
  const deadline = performance.now() + passedWithinMs
  while (performance.now() < deadline) {
    const line = supervisor.lastLines(second).find((each) => each.startsWith('Passing '))
    if (line !== undefined) return line.split(' of ')[1]
    await sleep(20)
  }
  return undefined
}
