import { ApiError } from '@flash-deal/errors'

const bytesMax = 1024

/** The contract counts characters; a password may have up to 1,024 bytes. */
export const assertPasswordLength = (password: string): void => {
  if (Buffer.byteLength(password) <= bytesMax) return
  throw new ApiError('VALIDATION_ERROR', {
    details: { password: `must NOT have more than ${bytesMax} bytes` },
  })
}
