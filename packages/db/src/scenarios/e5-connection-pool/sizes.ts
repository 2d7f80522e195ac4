import type { Pools } from '../../database.ts'
import { baseline } from './baseline.ts'

/** The baseline with another number of connections, for the curve. */
export const ofSize = (max: number): Pools => ({ quick: { ...baseline.quick, max } })
