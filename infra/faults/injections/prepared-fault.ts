import type { Environment } from '@flash-deal/config'
import type { Client } from '@flash-deal/local/api-client'
import type { ServiceName } from '@flash-deal/local/services'
import type { Stack } from '@flash-deal/local/stack'
import type { Offer, Users } from '../offer.ts'

/** The system under test and the products of this round. */
export type FaultContext = { stack: Stack; api: Client; users: Users; offer: Offer }

/** A prepared fault, ready to be injected during a sale. */
export type PreparedFault = {
  /** Injects the fault. Resolves to the reason if it had no effect. */
  inject?(): Promise<string | undefined>
  /**
   * Ends the fault. Rejects if the target cannot be restored. May be called twice, and before the
   * injection if the run is aborted.
   */
  recover?(): Promise<void>
  /** Undoes the preparation, after all clients have received their responses. */
  cleanup?(): Promise<void>
}

/** Prepares a fault before the sale begins. */
export type PrepareFault = (context: FaultContext) => Promise<PreparedFault>

export type ServiceSettings = Partial<Record<ServiceName, Environment>>

/** Restarts services with these settings. The returned function restarts them with the original ones. */
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
