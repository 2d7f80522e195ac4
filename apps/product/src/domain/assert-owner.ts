import { ApiError } from '@flash-deal/errors'

/** @throws ApiError FORBIDDEN if the product belongs to another user */
export const assertOwner = (product: { owner_id: string }, userId: string): void => {
  if (product.owner_id !== userId) throw new ApiError('FORBIDDEN')
}
