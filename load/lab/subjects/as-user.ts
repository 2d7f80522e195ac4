import type { Stack } from '@flash-deal/local/stack'

/** The identity headers of the gateway, for a load that goes to the service itself. */
export const asUser = (userId: string, { internalKey }: Stack): Record<string, string> => ({
  'x-user-id': userId,
  'x-internal-key': internalKey,
})
