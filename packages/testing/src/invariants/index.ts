export type { Acknowledged } from './acknowledged.ts'
export { brokenInvariants, type Check, checkInvariants } from './check-invariants.ts'
export type { Finding } from './finding.ts'
