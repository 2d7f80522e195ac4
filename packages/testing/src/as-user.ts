import { randomUUID } from 'node:crypto'
import { internalKey } from './build-app.ts'

/** The identity headers that the gateway sends for a user. */
export const asUser = (userId: string = randomUUID()): Record<string, string> => ({
  'x-internal-key': internalKey,
  'x-user-id': userId,
})

/** The headers of a call between services. */
export const asService = (): Record<string, string> => ({ 'x-internal-key': internalKey })
