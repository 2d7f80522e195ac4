import { freeze as freezeChild } from '@flash-deal/local/freeze'
import type { Arrange } from './act.ts'

/** It neither works nor goes away, for as long as the fault lasts. */
export const freeze =
  (name: string): Arrange =>
  async ({ stack }) => {
    let thaw = (): void => {}
    return {
      inject: async () => {
        thaw = freezeChild(stack, name)
        return undefined
      },
      mend: async () => thaw(),
    }
  }
