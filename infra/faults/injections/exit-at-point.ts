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
import {
  type FaultContext,
  type PreparedFault,
  type PrepareFault,
  restartWith,
} from './prepared-fault.ts'

/** A process exits or pauses the next time it reaches a given point after the injection. */

const hook = pathToFileURL(join(import.meta.dirname, '../hooks/stop-at-point.ts')).href

const hookSettings = (point: Point, signal: NodeJS.Signals): Environment => ({
  NODE_OPTIONS: `--import=${hook}`,
  FAULT_POINT: point,
  FAULT_SIGNAL: signal,
})

/** Maximum time from the injection until the process reaches the point. */
const reachedWithinMs = 10_000

const notReached = (point: Point): string => `the process did not reach the point ${point}`

/** @param provoke makes the process reach the point, if a sale alone does not */
export const exitAtPoint =
  (
    service: ServiceName,
    point: Point,
    provoke?: (context: FaultContext) => Promise<unknown>,
  ): PrepareFault =>
  async (context) => {
    const { stack } = context
    const restore = await restartWith(stack, { [service]: hookSettings(point, 'SIGKILL') })
    const hasExited = (): boolean => stack.supervisor.pid(service) === undefined
    let isHooked = true
    return {
      inject: async () => {
        const exited = stack.supervisor.exited(service)
        stack.supervisor.kill(service, 'SIGUSR1')
        await provoke?.(context)
        const timeout = sleep(reachedWithinMs, undefined, { ref: false })
        const exit = await Promise.race([exited, timeout])
        return exit?.signal === 'SIGKILL' ? undefined : notReached(point)
      },
      recover: async () => {
        if (!hasExited()) return
        isHooked = false
        await stack.restart(service)
      },
      cleanup: async () => {
        if (isHooked) await restore()
      },
    }
  }

const second = 'second-order'

/**
 * Half of the orders go to a second instance of order. It pauses after product has reserved the stock
 * and before the order is stored. When it resumes, the sweep has already settled its orders: an order
 * that is void must stay void.
 */
export const stopSecondOrder: PrepareFault = async ({ stack }) => {
  const [port = 0] = await freePorts(1)
  const settings = hookSettings('after-reserve', 'SIGSTOP')
  const address = await stack.startBeside({ service: 'order', name: second, port, settings })
  const urls = [stack.addresses.order, address].join()
  const restore = await restartWith(stack, { gateway: { ORDER_URLS: urls } })
  let stopped: string | undefined
  let isVoid = false
  return {
    inject: async () => {
      stack.supervisor.kill(second, 'SIGUSR1')
      stopped = await stoppedOrder(stack)
      return stopped === undefined ? notReached('after-reserve') : undefined
    },
    recover: async () => {
      isVoid = stopped !== undefined && (await settledState(stack, stopped)) === 'void'
      signalIfRunning(stack, 'SIGCONT')
    },
    cleanup: async () => {
      await restore()
      await stack.supervisor.stop(second)
      if (!isVoid || stopped === undefined) return
      const state = await settledState(stack, stopped)
      if (state !== 'void') throw new PlainError(`Order ${stopped} was void, and then ${state}`)
    },
  } satisfies PreparedFault
}

/** The buyer's retry settles the order, or the sweep after the reservation TTL. */
const settledWithinMs = 15_000

/** @throws PlainError if the order is not settled in time */
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
    throw new PlainError(`Order ${id} was not settled while its instance was paused`)
  } finally {
    await db.close()
  }
}

const signalIfRunning = ({ supervisor }: Stack, signal: NodeJS.Signals): void => {
  if (supervisor.pid(second) !== undefined) supervisor.kill(second, signal)
}

/** The hook logs the order's id before the process pauses. */
const stoppedOrder = async ({ supervisor }: Stack): Promise<string | undefined> => {
  const deadline = performance.now() + reachedWithinMs
  while (performance.now() < deadline) {
    const line = supervisor.lastLines(second).find((each) => each.startsWith('Passing '))
    if (line !== undefined) return line.split(' of ')[1]
    await sleep(20)
  }
  return undefined
}
