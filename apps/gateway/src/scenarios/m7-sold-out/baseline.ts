import type { SoldOut } from './seam.ts'

/** Every order is forwarded. */
export const forwardAll: SoldOut = () => {}
