import type { TokenCheck } from '../m6-local-verify/seam.ts'
import type { TokenCacheOptions } from './seam.ts'

/** Nothing is remembered. */
export const baseline = ({ verifier }: TokenCacheOptions): TokenCheck => verifier.userOf
