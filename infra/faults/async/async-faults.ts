import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '@flash-deal/local/ports'
import { AppendLog } from '@flash-deal/messaging/append-log'
import type { ByForm } from '../form.ts'
import { exitAtPoint } from '../injections/exit-at-point.ts'
import { freeze } from '../injections/freeze.ts'
import { kill } from '../injections/kill.ts'
import type { PrepareFault } from '../injections/prepared-fault.ts'
import { brokerOf } from './broker.ts'
import { fillBrokersDisk } from './full-disk.ts'

/** Faults while orders are accepted first and confirmed through Kafka (H2). */

export type AsyncFault = {
  name: string
  prepare: PrepareFault
  /** Time from injection to recovery in milliseconds. */
  lastsMs: ByForm
}

const none = { short: 0, long: 0 }

/** Records that no consumer can process: invalid JSON, an unknown version, a violated schema. */
const poison = [
  'no JSON',
  JSON.stringify({ id: 'poison', type: 'order.accepted', version: 99, data: {} }),
  JSON.stringify({ id: 'poison', type: 'order.accepted', version: 1, data: { order_id: 'none' } }),
]

const addPoison: PrepareFault = async ({ stack }) => ({
  inject: async () => {
    const log = new AppendLog({
      ...{ brokers: [brokerOf(stack)], clientId: 'faults', queueMax: 10, timeoutMs: 10_000 },
    })
    try {
      for (const value of poison) {
        await log.add({ topic: 'orders-accepted', key: 'poison', value, headers: {} })
      }
    } finally {
      await log.close()
    }
    return undefined
  },
})

const members: ByForm = { short: 2, long: 10 }
const stayMs = 1_500

/** Further consumers join the group and leave it, so that its partitions are reassigned. */
const joinAndLeave: PrepareFault = async ({ stack }) => ({
  inject: async () => {
    for (let time = 1; time <= members.short; time++) {
      const [port = 0] = await freePorts(1)
      const name = `order-${time}-beside`
      await stack.startBeside({ service: 'order', name, port })
      await sleep(stayMs)
      if (time % 2 === 0) stack.supervisor.kill(name, 'SIGKILL')
      else await stack.supervisor.stop(name)
    }
    return undefined
  },
})

export const asyncFaults: readonly AsyncFault[] = [
  { name: 'kill-kafka', prepare: kill('kafka'), lastsMs: { short: 2_000, long: 60_000 } },
  { name: 'kill-order', prepare: kill('order'), lastsMs: none },
  { name: 'freeze-product', prepare: freeze('product'), lastsMs: { short: 2_000, long: 10_000 } },
  { name: 'exit-after-publish', prepare: exitAtPoint('order', 'after-publish'), lastsMs: none },
  { name: 'exit-after-decide', prepare: exitAtPoint('order', 'after-decide'), lastsMs: none },
  { name: 'poison-message', prepare: addPoison, lastsMs: none },
  { name: 'join-and-leave', prepare: joinAndLeave, lastsMs: none },
]

/** Stops the broker twice to move its data, so that it is part of the long form only. */
export const fullDisk: AsyncFault = {
  name: 'fill-disk-of-kafka',
  prepare: fillBrokersDisk,
  lastsMs: none,
}
