import type { WithSoldOut } from './seam.ts'

/** Every order is sent to product. */
export const askEachTime = (): WithSoldOut => (client) => client
