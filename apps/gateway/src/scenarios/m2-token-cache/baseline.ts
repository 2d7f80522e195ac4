import type { TokenCheck } from '../m6-local-verify/seam.ts'
import type { TokenCacheOptions } from './seam.ts'

/** Caches nothing. */
export const baseline = ({ verifier }: TokenCacheOptions): TokenCheck => verifier.userOf
