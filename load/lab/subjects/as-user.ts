import type { Stack } from '@flash-deal/local/stack'

/** What the gateway adds to a request of a user, for a load that goes to the service itself. */
export const asUser = (userId: string, { internalKey }: Stack): Record<string, string> => ({
  'x-user-id': userId,
  'x-internal-key': internalKey,
})
