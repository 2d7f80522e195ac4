import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@flash-deal/local/stack'
import { connectRedis } from '@flash-deal/service'
import type { PrepareFault } from './prepared-fault.ts'

/** Kills a process. For PostgreSQL that is the postmaster; its children end by themselves. */
export const kill =
  (name: string): PrepareFault =>
  async ({ stack }) => ({
    inject: () => killed(stack, name),
    recover: () => restartIfGone(stack, name),
  })

/** Kills several processes at once. */
export const killEach =
  (names: readonly string[]): PrepareFault =>
  async ({ stack }) => ({
    inject: async () => {
      const failures = await Promise.all(names.map((name) => killed(stack, name)))
      return failures.find((failure) => failure !== undefined)
    },
    recover: async () => void (await Promise.all(names.map((name) => restartIfGone(stack, name)))),
  })

/** Sends SIGKILL and waits for the exit. Resolves to the reason if that fails. */
export const killed = async ({ supervisor }: Stack, name: string): Promise<string | undefined> => {
  if (supervisor.pid(name) === undefined) return `${name} was not running`
  const exited = supervisor.exited(name)
  supervisor.kill(name, 'SIGKILL')
  const exit = await exited
  return exit?.signal === 'SIGKILL' ? undefined : `${name} did not end by SIGKILL`
}

const restartIfGone = async (stack: Stack, name: string): Promise<void> => {
  if (stack.supervisor.pid(name) === undefined) await stack.restart(name)
}

const stores = ['postgres', 'valkey', 'redlock-1', 'redlock-2', 'redlock-3']
const services = ['auth', 'product', 'order', 'gateway']

/** Kills every process, as a power failure does. */
export const killAll: PrepareFault = async ({ stack }) => {
  const isRunning = (name: string): boolean => stack.supervisor.pid(name) !== undefined
  const [ownStores, all] = [stores.filter(isRunning), [...stores, ...services].filter(isRunning)]
  return {
    inject: async () => {
      const failures = await Promise.all(all.map((name) => killed(stack, name)))
      return failures.find((failure) => failure !== undefined)
    },
    recover: async () => {
      await Promise.all(ownStores.map((name) => restartIfGone(stack, name)))
      await Promise.all(services.map((name) => restartIfGone(stack, name)))
    },
  }
}

/** Time for sales after the snapshot. */
const snapshotAgeMs = 200

/** Redis restarts with an old snapshot: the last writes before the kill are lost. */
export const killAfterSnapshot: PrepareFault = async (context) => {
  const { stack } = context
  const prepared = await kill('valkey')(context)
  return {
    ...prepared,
    inject: async () => {
      await saveSnapshot(stack)
      await sleep(snapshotAgeMs)
      return killed(stack, 'valkey')
    },
    cleanup: () => rm(join(stack.settings.STATE_DIR, 'valkey/dump.rdb'), { force: true }),
  }
}

const saveSnapshot = async ({ settings }: Stack): Promise<void> => {
  const redis = await connectRedis(`redis://127.0.0.1:${settings.VALKEY_PORT}`, 1_000)
  try {
    await once(redis, 'ready')
    await redis.save()
  } finally {
    redis.disconnect()
  }
}
