import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@flash-deal/local/stack'
import { connectRedis } from '@flash-deal/service'
import type { Arrange } from './act.ts'

/** For PostgreSQL it is the postmaster; what it has started ends by itself. */
export const kill =
  (name: string): Arrange =>
  async ({ stack }) => ({
    inject: () => killed(stack, name),
    mend: () => restartIfGone(stack, name),
  })

/** All of them at once. */
export const killEach =
  (names: readonly string[]): Arrange =>
  async ({ stack }) => ({
    inject: async () => {
      const failures = await Promise.all(names.map((name) => killed(stack, name)))
      return failures.find((failure) => failure !== undefined)
    },
    mend: async () => void (await Promise.all(names.map((name) => restartIfGone(stack, name)))),
  })

/** Ends it as a crash does; why it did not, where it did not. */
export const killed = async ({ supervisor }: Stack, name: string): Promise<string | undefined> => {
  if (supervisor.pid(name) === undefined) return `${name} did not run`
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

/** As when the power fails. */
export const killAll: Arrange = async ({ stack }) => {
  const isThere = (name: string): boolean => stack.supervisor.pid(name) !== undefined
  const [ownStores, all] = [stores.filter(isThere), [...stores, ...services].filter(isThere)]
  return {
    inject: async () => {
      const failures = await Promise.all(all.map((name) => killed(stack, name)))
      return failures.find((failure) => failure !== undefined)
    },
    mend: async () => {
      await Promise.all(ownStores.map((name) => restartIfGone(stack, name)))
      await Promise.all(services.map((name) => restartIfGone(stack, name)))
    },
  }
}

/** Time in which more is sold, of which the snapshot does not know. */
const olderByMs = 200

/** Redis comes back with what it knew some time before its end. */
export const killAfterSnapshot: Arrange = async (scene) => {
  const { stack } = scene
  const act = await kill('valkey')(scene)
  return {
    ...act,
    inject: async () => {
      await saveSnapshot(stack)
      await sleep(olderByMs)
      return killed(stack, 'valkey')
    },
    clear: () => rm(join(stack.settings.STATE_DIR, 'valkey/dump.rdb'), { force: true }),
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
