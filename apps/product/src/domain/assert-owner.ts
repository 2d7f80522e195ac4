import { ApiError } from '@flash-deal/errors'

/** @throws ApiError FORBIDDEN where the product is somebody else's */
export const assertOwner = (product: { owner_id: string }, userId: string): void => {
  if (product.owner_id !== userId) throw new ApiError('FORBIDDEN')
}
