import { baseline } from './baseline.ts'
import type { Pools } from './seam.ts'

/** The baseline with another number of connections, for the curve. */
export const ofSize = (max: number): Pools => ({ quick: { ...baseline.quick, max } })
