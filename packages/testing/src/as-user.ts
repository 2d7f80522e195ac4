import { randomUUID } from 'node:crypto'
import { internalKey } from './build-app.ts'

/** The headers with which the gateway says whose request it is. */
export const asUser = (userId: string = randomUUID()): Record<string, string> => ({
  'x-internal-key': internalKey,
  'x-user-id': userId,
})

/** The headers with which one service calls another. */
export const asService = (): Record<string, string> => ({ 'x-internal-key': internalKey })
