import type { ProductGuard } from './seam.ts'

/** Every call is sent; it ends with its own deadline at the latest. */
export const baseline = (): ProductGuard => (client) => client
