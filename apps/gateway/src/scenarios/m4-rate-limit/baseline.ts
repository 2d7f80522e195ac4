import type { LimiterFactory } from './seam.ts'

/** No limit. */
export const unlimited: LimiterFactory = () => undefined
