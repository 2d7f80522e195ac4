import type { TokenCheck } from '../m6-local-verify/plugin.ts'
import type { TokenCacheOptions } from './plugin.ts'

/** Nothing is remembered. */
export const baseline = ({ verifier }: TokenCacheOptions): TokenCheck => verifier.userOf
