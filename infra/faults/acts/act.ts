import type { Environment } from '@flash-deal/config'
import type { Client } from '@flash-deal/local/api-client'
import type { ServiceName } from '@flash-deal/local/services'
import type { Stack } from '@flash-deal/local/stack'
import type { Goods, Shop } from '../shop.ts'

/** What an act has to do with: the system, and what it sells in this round. */
export type Scene = { stack: Stack; api: Client; shop: Shop; goods: Goods }

/** A fault that is injected during a sale. */
export type Act = {
  /** Makes it happen; why it did not, where it did not. */
  inject?(): Promise<string | undefined>
  /**
   * Puts right what was broken. Resolves when that is done, throws where it cannot be. May be called
   * once more, and earlier, where everything is to end.
   */
  mend?(): Promise<void>
  /** Takes away what was made ready for it, when all clients have their answers. */
  clear?(): Promise<void>
}

/** Made ready before the sale begins. */
export type Arrange = (scene: Scene) => Promise<Act>

export type ServiceSettings = Partial<Record<ServiceName, Environment>>

/** Starts services again with settings of their own; what it returns starts them as they were. */
export const restartWith = async (
  stack: Stack,
  settings: ServiceSettings,
): Promise<() => Promise<void>> => {
  const names = Object.keys(settings) as ServiceName[]
  const restart = (own: ServiceSettings): Promise<unknown> =>
    Promise.all(
      names.map(async (name) => {
        await stack.supervisor.stop(name)
        await stack.restart(name, own[name])
      }),
    )
  await restart(settings)
  return async () => void (await restart({}))
}
