import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '@flash-deal/local/ports'
import { AppendLog } from '@flash-deal/messaging/append-log'
import type { Form } from '../form.ts'
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
  /** Time from injection to recovery in milliseconds; by default none. */
  lastsMs?: number
}

const extents = {
  short: { brokerAwayMs: 2_000, frozenMs: 2_000, members: 2 },
  long: { brokerAwayMs: 60_000, frozenMs: 10_000, members: 10 },
}

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

const stayMs = 1_500

/** Further consumers join the group and leave it, so that its partitions are reassigned. */
const joinAndLeave =
  (members: number): PrepareFault =>
  async ({ stack }) => ({
    inject: async () => {
      for (let time = 1; time <= members; time++) {
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

export const asyncFaults = (form: Form): readonly AsyncFault[] => {
  const { brokerAwayMs, frozenMs, members } = extents[form]
  return [
    { name: 'kill-kafka', prepare: kill('kafka'), lastsMs: brokerAwayMs },
    { name: 'kill-order', prepare: kill('order') },
    { name: 'freeze-product', prepare: freeze('product'), lastsMs: frozenMs },
    { name: 'exit-after-publish', prepare: exitAtPoint('order', 'after-publish') },
    { name: 'exit-after-decide', prepare: exitAtPoint('order', 'after-decide') },
    { name: 'poison-message', prepare: addPoison },
    { name: 'join-and-leave', prepare: joinAndLeave(members) },
  ]
}

/** Stops the broker twice to move its data, so that it is part of the long form only. */
export const fullDisk: AsyncFault = {
  name: 'fill-disk-of-kafka',
  prepare: fillBrokersDisk,
}
