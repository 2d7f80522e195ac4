import type { LimiterFactory } from './seam.ts'

/** Every request is tried. */
export const unlimited: LimiterFactory = () => undefined
