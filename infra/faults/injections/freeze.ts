import { freeze as freezeChild } from '@flash-deal/local/freeze'
import type { PrepareFault } from './prepared-fault.ts'

/** Pauses a process for the duration of the fault: its connections stay open. */
export const freeze =
  (name: string): PrepareFault =>
  async ({ stack }) => {
    let thaw = (): void => {}
    return {
      inject: async () => {
        thaw = freezeChild(stack, name)
        return undefined
      },
      recover: async () => thaw(),
    }
  }
